"""The rights of the person: export, correction, who saw the file, holds, deletion, retention, restore."""

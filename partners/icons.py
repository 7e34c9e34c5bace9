"""The icons of Relais: 24 by 24 grid, one stroke weight, round ends. Inlined by the ``icon`` tag."""

ICONS = {
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "pin": (
        '<path d="M12 21c4.5-4.6 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2 6.4 6.5 11Z"/>'
        '<circle cx="12" cy="10" r="2.25"/>'
    ),
    "area": (
        '<circle cx="12" cy="12" r="8.5" stroke-dasharray="3.4 3.3"/>'
        '<circle cx="12" cy="12" r="1" class="solid"/>'
    ),
    "phone": (
        '<path d="M6 3.5h2.6l1.6 4.2-2 1.6a12 12 0 0 0 6.5 6.5l1.6-2 4.2 1.6V18a2.5 2.5 0 0 1-2.7 2.5'
        'C10.4 20 4 13.6 3.5 6.2A2.5 2.5 0 0 1 6 3.5Z"/>'
    ),
    "text": '<path d="M4 5.5h16v11h-9l-4.5 3.5v-3.5H4Z"/><path d="M8 9.5h8M8 12.7h5"/>',
    "exit": '<path d="M13.5 4H5v16h8.5"/><path d="M10 12h10.5M16.5 8l4 4-4 4"/>',
    "talk": '<path d="M3.5 4.5h11v8h-6l-3 2.8v-2.8h-2Z"/><path d="M17.5 8.5h3v8h-2v2.8l-3-2.8h-5v-1"/>',
    "heart": (
        '<path d="M12 20C6.5 15.8 3.5 12.6 3.5 9a4.5 4.5 0 0 1 8.5-2 4.5 4.5 0 0 1 8.5 2'
        'c0 3.6-3 6.8-8.5 11Z"/><path d="M12 9.5v5M9.5 12h5"/>'
    ),
    "sprout": (
        '<path d="M12 20.5V11"/><path d="M12 13c0-4-2.5-6-7-6 0 4 2.5 6 7 6ZM12 11'
        'c0-4 2.5-6.5 7-6.5 0 4.5-2.5 6.5-7 6.5Z"/>'
    ),
    "bed": (
        '<path d="M3.5 19V6M3.5 15.5h17V19M20.5 15.5V13a3 3 0 0 0-3-3H10v5.5"/>'
        '<circle cx="6.8" cy="11.5" r="1.7"/>'
    ),
    "bowl": (
        '<path d="M3.5 12h17a8.5 7.5 0 0 1-5.5 7.5H9A8.5 7.5 0 0 1 3.5 12Z"/><path d="M9 8.5'
        'c0-1.5 1.2-1.5 1.2-3M13.5 8.5c0-1.5 1.2-1.5 1.2-3"/>'
    ),
    "book": (
        '<path d="M12 6.5C10 5 7.5 4.5 3.5 4.5v13.5c4 0 6.5.5 8.5 2 2-1.5 4.5-2 8.5-2V4.5'
        'c-4 0-6.5.5-8.5 2ZM12 6.5V20"/>'
    ),
    "family": (
        '<circle cx="8" cy="7" r="3"/><circle cx="17" cy="11.5" r="2.2"/><path d="M2.5 20'
        'c0-4.5 2-7 5.5-7s5.5 2.5 5.5 7M13.5 20c.1-3 1.2-4.5 3.5-4.5s3.9 1.5 4 4.5"/>'
    ),
    "scales": (
        '<path d="M12 4v16M7.5 20h9M5 6.5l7-1.5 7 1.5"/><path d="M5 6.5 2.5 13a2.7 2.7 0 0 0 5 0Z'
        'M19 6.5 16.5 13a2.7 2.7 0 0 0 5 0Z"/>'
    ),
    "shield": (
        '<path d="M12 3.5 5 6v5.5c0 4.3 2.5 7.3 7 9 4.5-1.7 7-4.7 7-9V6Z"/><path d="m9 12 2.2 2.2L15.2 10"/>'
    ),
    "people": (
        '<circle cx="12" cy="7" r="2.6"/><circle cx="5.2" cy="9.5" r="2"/><circle cx="18.8" cy="9.5" r="2"/>'
        '<path d="M7.5 19.5c0-4.5 1.5-6.8 4.5-6.8s4.5 2.3 4.5 6.8M2.5 18c0-3 .8-4.6 2.7-4.6M21.5 18'
        'c0-3-.8-4.6-2.7-4.6"/>'
    ),
    "flame": (
        '<path d="M12 3.5c.6 3.4 5.5 5.2 5.5 10.2A5.5 5.5 0 0 1 12 19.2a5.5 5.5 0 0 1-5.5-5.5c0-2.4 1.2-3.6'
        ' 2.4-5.4.4 1.6 1 2 1.7 2.4.9-1.8 1.8-3.6 1.4-7.2Z"/><path d="M5 21.5h14"/>'
    ),
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17Z"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "check_circle": '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.3 2.8 2.8L16 9.5"/>',
    "x": '<path d="m6 6 12 12M18 6 6 18"/>',
    "minus_circle": '<circle cx="12" cy="12" r="8.5"/><path d="M8 12h8"/>',
    "right": '<path d="m9 5.5 6.5 6.5L9 18.5"/>',
    "left": '<path d="M15 5.5 8.5 12l6.5 6.5"/>',
    "down": '<path d="m5.5 9 6.5 6.5L18.5 9"/>',
    "list": (
        '<path d="M9 6.5h11.5M9 12h11.5M9 17.5h11.5"/><path d="M4 6.5h.01M4 12h.01M4 17.5'
        'h.01" stroke-width="2.5"/>'
    ),
    "map": '<path d="M3.5 6.5 9 4l6 2.5L20.5 4v13.5L15 20l-6-2.5L3.5 20ZM9 4v13.5M15 6.5V20"/>',
    "filter": (
        '<path d="M4 7.5h9M18 7.5h2M4 16.5h2M11 16.5h9"/><circle cx="15.5" cy="7.5" r="2.2"/>'
        '<circle cx="8.5" cy="16.5" r="2.2"/>'
    ),
    "print": '<path d="M7 9V4h10v5M7 16.5H4V9h16v7.5h-3M7 13.5h10V20H7Z"/>',
    "flag": '<path d="M5.5 21V4.5M5.5 5c4-2 7 2 13 0v8.5c-6 2-9-2-13 0"/>',
    "door": '<path d="M6 20.5V4h9.5v16.5M3.5 20.5h17M12.5 12h.01"/><path d="M18.5 20.5V8"/>',
    "user": '<circle cx="12" cy="8" r="3.7"/><path d="M4.5 20.5c.3-4.8 2.9-7 7.5-7s7.2 2.2 7.5 7"/>',
    "eye": (
        '<path d="M2.5 12C5 7.7 8.2 5.5 12 5.5s7 2.2 9.5 6.5c-2.5 4.3-5.7 6.5-9.5 6.5S5 16.3 2.5 12Z"/>'
        '<circle cx="12" cy="12" r="3"/>'
    ),
    "eye_off": (
        '<path d="M2.5 12C5 7.7 8.2 5.5 12 5.5s7 2.2 9.5 6.5c-2.5 4.3-5.7 6.5-9.5 6.5S5 16.3 2.5 12Z"/>'
        '<path d="m4.5 20 15-16"/>'
    ),
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="1.5"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5"/>',
    "hand": (
        '<circle cx="5.5" cy="7" r="2.5"/><circle cx="18.5" cy="17" r="2.5"/><path d="M8 7h4.5'
        'A4.5 4.5 0 0 1 17 11.5v1M14 10l3 3 3-3"/>'
    ),
    "inbox": (
        '<path d="M3.5 13.5 6 5h12l2.5 8.5V19h-17Z"/><path d="M3.5 13.5h5c0 2 1.5 3 3.5 3s3.5-1 3.5-3h5"/>'
    ),
    "hourglass": (
        '<path d="M6.5 3.5h11M6.5 20.5h11M7.5 3.5c0 5 3 6 4.5 8.5 1.5-2.5 4.5-3.5 4.5-8.5M7.5 20.5'
        'c0-5 3-6 4.5-8.5 1.5 2.5 4.5 3.5 4.5 8.5"/>'
    ),
    "undo": '<path d="M8 5 3.5 9.5 8 14M3.5 9.5h11a5.5 5.5 0 0 1 0 10H9"/>',
    "calendar_x": '<path d="M4 6h16v14H4ZM4 10h16M8 3.5V6M16 3.5V6M10 13l4 4M14 13l-4 4"/>',
    "calendar": '<path d="M4 6h16v14H4ZM4 10.5h16M8 3.5V6M16 3.5V6"/>',
    "document_x": '<path d="M6 3.5h8l4.5 4.5v12.5H6ZM14 3.5V8h4.5M9.5 12.5l5 5M14.5 12.5l-5 5"/>',
    "pencil": '<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19ZM14 6.5l3.5 3.5"/>',
    "steps": '<path d="M3.5 19.5h5v-5h5v-5h5v-5h2"/><path d="M4 11 10 5M10 5H6.5M10 5v3.5"/>',
    "loop": '<path d="M19.5 12a7.5 7.5 0 1 1-2.3-5.4"/><path d="m8.5 11.5 3 3 8.5-9"/>',
    "send": '<path d="M3.5 12 20.5 4.5 15 20l-3.5-6.5ZM11.5 13.5l9-9"/>',
    "bus": (
        '<rect x="4.5" y="4" width="15" height="13.5" rx="2"/><path d="M4.5 12h15M8 17.5V20M16 17.5V20'
        'M8 14.8h.01M16 14.8h.01"/>'
    ),
    "cash": '<path d="M4 4h8l8.5 8.5-8 8L4 12Z"/><path d="M8 8h.01" stroke-width="2.5"/>',
    "access": (
        '<circle cx="11" cy="4.5" r="1.5"/><path d="M11 8v6h5l2.5 5.5M11 10.5h4.5"/><path d="M8.2 11.5'
        'a5 5 0 1 0 6.3 6.3"/>'
    ),
    "info": (
        '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5"/><path d="M12 7.7h.01" stroke-width="2.25"/>'
    ),
    "alert": (
        '<path d="M12 4 2.8 19.5h18.4Z"/><path d="M12 10v4.5"/><path d="M12 17.2h.01" stroke-width="2.25"/>'
    ),
    "home": '<path d="M4 11.5 12 4l8 7.5M6 10v10h12V10M10 20v-5.5h4V20"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "note": '<path d="M5 4h14v11l-5 5H5ZM14 20v-5h5M8.5 8.5h7M8.5 12h4"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15ZM10 20.5h4"/>',
    "key": '<circle cx="8" cy="15.5" r="4"/><path d="m11 12.5 8.5-8.5M16 7.5l3 3"/>',
    "voicemail": (
        '<circle cx="6.5" cy="12" r="3.5"/><circle cx="17.5" cy="12" r="3.5"/><path d="M6.5 15.5h11"/>'
    ),
    "capacity_open": (
        '<path d="M5 4v14.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V4"/>'
        '<path class="water" d="M5 16h14v4H5Z"/><path d="M5 16h14"/>'
    ),
    "capacity_limited": (
        '<path d="M5 4v14.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V4"/>'
        '<path class="water" d="M5 11h14v9H5Z"/><path d="M5 11h14"/>'
    ),
    "capacity_waitlist": (
        '<path d="M5 4v14.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V4"/>'
        '<path class="water" d="M5 7h14v13H5Z"/><path d="M5 7h14M12 10v3.5l2.2 1.5"/>'
    ),
    "capacity_full": (
        '<path d="M5 4v14.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5V4"/>'
        '<path class="water" d="M5 4.5h14V20H5Z"/><path d="M5 4.5h14M8.5 12.5h7"/>'
    ),
    "capacity_unknown": (
        '<path d="M5 4v14.5A1.5 1.5 0 0 0 6.5 20h11a1.5 1.5 0 0 0 1.5-1.5'
        'V4" stroke-dasharray="2.5 2.8"/><path d="M9.7 9.5a2.3 2.3 0 1 1 3.3 2.2c-.7.3-1 .8-1 1.6"/>'
        '<path d="M12 16.2h.01" stroke-width="2.25"/>'
    ),
}

# Where a code of the domain has its own icon.
STATUS_ICONS = {
    "draft": "pencil",
    "sent": "send",
    "accepted": "hand",
    "waitlisted": "hourglass",
    "in_service": "steps",
    "closed": "loop",
    "declined": "minus_circle",
    "withdrawn": "undo",
    "expired": "calendar_x",
    "entered_in_error": "document_x",
}
URGENCY_ICONS = {"urgent": "alert", "soon": "clock", "routine": "calendar"}

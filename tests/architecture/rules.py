"""One door for each rule: what may stand where. Each function yields what breaks the rule it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from tests.architecture.source import PACKAGES, Source

Rule = Callable[[Source], Iterator[str]]

MAXIMUM_LINES = 300
MAXIMUM_FUNCTION_LINES = 40

# What is shown of a client goes through consent.disclose(), so none of these reaches through a
# referral to the client. The rest of the code may, to decide and to encrypt.
SHOWS = re.compile(
    r"api/|(referrals|directory|partners|config)/"
    r"(.*/)?(views|forms|templatetags|notifications|mails|exports?|exchange|reports)(/|[^/]*\.py$)"
)
DOTTED_CLIENT = re.compile(r"\bclient(\.|__)[a-z_]+")

STATUS_WRITER = "referrals/actions.py"
WRITING_CALLS = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update"}
WATCHED_STATUS = ("referrals/", "api/")

# model: (its only writer, the related managers that would write it as well)
SINGLE_WRITERS = {
    "AuditEvent": ("partners/audit.py", set[str]()),
    "AuditHead": ("partners/audit.py", set[str]()),
    "AuditCheckpoint": ("partners/audit.py", set[str]()),
    "TimelineEvent": ("referrals/events.py", {"events"}),
}

# The writing side: each function there begins with a check of the actor, then locks and writes what
# it has checked. Everywhere else these managers begin with visible_to(actor).
WRITING_SIDE = {
    f"referrals/{name}.py"
    for name in (
        "actions",
        "attempts",
        "calls",
        "capacity_hints",
        "care_team",
        "clients",
        "clock_tasks/answers",
        "clock_tasks/following",
        "clock_tasks/people",
        "confirmation",
        "consent_acts",
        "continuing",
        "documents",
        "drafts",
        "handoffs",
        "introductions",
        "leaving",
        "legal_basis",
        "links/minting",
        "links/opening",
        "links/renewing",
        "merging",
        "messages",
        "needs",
        "offers",
        "outcomes",
        "plans",
        "pressing",
        "preconditions",
        "querysets",
        "rights/access",
        "rights/corrections",
        "rights/deletion",
        "rights/due",
        "rights/export",
        "rights/holds",
        "rights/replay",
        "rights/retention",
        "service_record",
        "turns",
        "opened",
        "unread",
    )
}
SEEN_BY_ACTOR = {"Referral", "Client", "Consent", "Introduction", "Need"}
MANAGERS = {
    "Referral": {"referrals/querysets.py", "referrals/actions.py"},
    "Client": {"referrals/querysets.py"},
    "Consent": {"referrals/querysets.py", "referrals/consent.py"},
    "Need": {"referrals/querysets.py"},
}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
# Commands and the demo's loader act for the system, which has nobody to be visible to.
FOR_THE_SYSTEM = re.compile(r"(referrals|directory|partners)/(management/commands/|demo)")


def long_files(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    if lines >= MAXIMUM_LINES:
        yield f"{source.path} has {lines} lines"


def long_functions(source: Source) -> Iterator[str]:
    for node in _functions(source):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines >= MAXIMUM_FUNCTION_LINES:
            yield f"{_at(source, node)} {node.name} has {lines} lines"


def hidden_imports(source: Source) -> Iterator[str]:
    """A first-party import inside a function hides a dependency from the layers.

    AppConfig.ready() is the one place for it: before, Django lets nobody import models.
    """
    for function in _functions(source):
        if function.name == "ready" and source.path.endswith("/apps.py"):
            continue
        for node in ast.walk(function):
            if any(module.split(".")[0] in PACKAGES for module in _imported(node)):
                yield f"{_at(source, node)} imports inside a function"


def impure_workflow(source: Source) -> Iterator[str]:
    """The workflow table is data: whoever reads it needs no database."""
    if source.path != "referrals/workflow.py":
        return
    for node in ast.walk(source.tree):
        if any(re.match(r"django(?!\.utils\.)|.*\bmodels$", module) for module in _imported(node)):
            yield f"{_at(source, node)} imports Django's machinery"


def reaching_into_clients(source: Source) -> Iterator[str]:
    """``referral.client.chosen_name`` where something is shown; also as a dotted path in a string."""
    if not SHOWS.match(source.path):
        return
    for node in _code(source.tree):
        if isinstance(node, ast.Attribute) and _is_attribute(node.value, {"client"}):
            yield f"{_at(source, node)} reads .client.{node.attr}"
        elif isinstance(node, ast.Constant) and DOTTED_CLIENT.fullmatch(str(node.value)):
            yield f"{_at(source, node)} names {node.value}"


def status_writes(source: Source) -> Iterator[str]:
    """The status of a referral is written by apply_action alone, which compares and swaps."""
    if source.path == STATUS_WRITER or not source.path.startswith(WATCHED_STATUS):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == "status":
            yield f"{_at(source, node)} assigns a status"
        elif isinstance(node, ast.Call) and _writes_status(node):
            yield f"{_at(source, node)} writes a status"


def second_writers(source: Source) -> Iterator[str]:
    """Audit rows and timeline rows each have one writer."""
    for model, (writer, related) in SINGLE_WRITERS.items():
        if source.path == writer:
            continue
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            makes = isinstance(node.func, ast.Name) and node.func.id == model
            manages = isinstance(node.func, ast.Attribute) and node.func.attr in WRITING_CALLS | {"delete"}
            if makes or (manages and _comes_from(node.func, model, related)):
                yield f"{_at(source, node)} writes {model}"


def unseen_managers(source: Source) -> Iterator[str]:
    """``Referral.objects`` without ``visible_to(actor)`` as the next word."""
    if source.path in WRITING_SIDE or FOR_THE_SYSTEM.match(source.path):
        return
    seen = {
        id(node.value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "visible_to"
    }
    for node in ast.walk(source.tree):
        if not (
            isinstance(node, ast.Attribute) and node.attr in MANAGERS and isinstance(node.value, ast.Name)
        ):
            continue
        if node.value.id in SEEN_BY_ACTOR and id(node) not in seen:
            yield f"{_at(source, node)} {node.value.id}.{node.attr} without visible_to(actor)"


def _functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _imported(node: ast.AST) -> list[str]:
    """The modules of an import; a relative one is first-party whatever its name."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [PACKAGES[0] if node.level else node.module or ""]
    return []


def _code(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node but the docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return (node for node in ast.walk(tree) if id(node) not in texts)


def _writes_status(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    keywords = {keyword.arg for keyword in call.keywords}
    if name in WRITING_CALLS | {"Referral"} and "status" in keywords:
        return True
    if name == "setattr" and len(call.args) > 1:
        return _says_status(call.args[1])
    fields = [keyword.value for keyword in call.keywords if keyword.arg in {"update_fields", "fields"}]
    fields += call.args[1:2] if name == "bulk_update" else []
    return name in {"save", "bulk_update", "asave"} and any(
        _says_status(item) for field in fields for item in ast.walk(field)
    )


def _says_status(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "status"


def _comes_from(node: ast.AST, model: str, related: set[str]) -> bool:
    """The call hangs on the model's manager, or on a related manager of those names."""
    return any(
        (isinstance(part, ast.Attribute) and part.attr in related)
        or (isinstance(part, ast.Name) and part.id == model)
        for part in ast.walk(node)
    )


def _is_attribute(node: ast.AST, names: set[str]) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in names


def _at(source: Source, node: ast.stmt | ast.expr) -> str:
    return f"{source.path}:{node.lineno}"


def days_in_utc(source: Source) -> Iterator[str]:
    """A stored moment is in UTC, where our evening is the next day: timezone.localdate() tells its day."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr != "date":
            continue
        moment = node.func.value
        called = isinstance(moment, ast.Call) and ast.unparse(moment.func).endswith(("now", "utcnow"))
        if called or (isinstance(moment, ast.Attribute) and moment.attr.endswith("_at")):
            yield f"{_at(source, node)} takes the day of a moment in UTC"


EVERYWHERE: tuple[Rule, ...] = (
    long_files,
    long_functions,
    hidden_imports,
    impure_workflow,
    reaching_into_clients,
    status_writes,
    second_writers,
    unseen_managers,
    days_in_utc,
)
IN_TESTS_TOO: tuple[Rule, ...] = (long_files, days_in_utc)

"""The names of all commands, where each lives, and its line in the help."""

from htkeval.text import Text, say

COMMANDS: dict[str, tuple[str, Text]] = {
    "demo": ("demo", say("the whole story on three trials, with simulated measurements")),
    "init": ("start", say("make a workspace")),
    "doctor": ("start", say("what is set up, what is missing")),
    "new": ("new", say("a trial's folder from a template")),
    "check": ("trial", say("is a trial's definition right?")),
    "plan": ("plan", say("what could be seen: floors, size, power")),
    "register": ("registration", say("freeze the promise before the first treatment")),
    "deviate": ("deviations", say("what is done otherwise than promised, and why")),
    "letter": ("letter", say("a letter to staff or to the consultation committee, and the dates")),
    "allocate": ("allocate", say("draw who gets the tool, once")),
    "gate": ("trial", say("a gate opened or closed, by whom")),
    "simulate": ("measurements", say("invent measurements from a trial's own design")),
    "template": ("template", say("an empty sheet to fill in: Excel or CSV")),
    "add": ("measurements", say("measurements in: CSV, Excel, Parquet")),
    "attach": ("attach", say("a technical measurement of the tool, beside the trial")),
    "rows": ("corrections", say("the rows of a trial and what was done to each")),
    "correct": ("corrections", say("put a value right; the old one stays on record")),
    "exclude": ("corrections", say("leave a row out, as a deviation that is told")),
    "erase": ("erasing", say("forget a participant for good")),
    "status": ("measurements", say("where every trial stands")),
    "snapshot": ("evidence", say("freeze the current rows")),
    "analyse": ("evidence", say("effects, gaps and checks")),
    "recommend": ("evidence", say("what the policy says of the evidence")),
    "decide": ("evidence", say("a person signs")),
    "sync": ("runs", say("deliver to MLflow")),
    "verify": ("runs", say("prove that nothing was changed")),
    "store": ("stores", say("move the store to a server or back; who may do what in it")),
    "server": ("runs", say("an MLflow server with safe settings")),
    "dashboard": ("screens", say("the dashboard in a browser")),
}
"""Name, the module that holds it, and its line in the help."""

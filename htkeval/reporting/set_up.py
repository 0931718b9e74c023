"""Words of the page on which a trial is set up."""

from __future__ import annotations

from collections.abc import Mapping

from htkeval.metric import Metric
from htkeval.text import Text, say
from htkeval.trial import Technology, Trial

TITLE = say("Set up a trial")
ABOUT = say(
    "A few short steps write the trial's definition, trial.toml, from a template. Nothing is "
    "written before the last step, and everything can be changed until the promise is locked."
)
A_NEW_ONE = say("A new trial")
STEPS: Mapping[str, Text] = {
    "tool": say("Tool and plan"),
    "question": say("Question and days"),
    "measures": say("Measures"),
    "people": say("People and tasks"),
    "money": say("Money"),
    "write": say("Look and write"),
}
"""Every step, by its name in the address."""

KINDS: Mapping[Technology, Text] = {
    "speech_to_text": say("Speech to text: minutes of meetings and records"),
    "domain_chatbot": say("A chatbot that knows one field"),
    "chatbot": say("A general chatbot, with training"),
    "other": say("Another tool"),
}
"""What kinds of tool there are a template for."""

ECONOMICS: Mapping[str, Text] = {
    "tasks_a_year": say("Tasks a year in the whole area"),
    "eligible": say("Share of tasks that the tool suits (%)"),
    "adoption": say("Share of people who use it (%)"),
    "realisable": say("Share of the minutes that can be gathered into hours (%)"),
    "cashable": say("Share of the hours that can be taken home as money (%)"),
    "minutes_a_task": say("Minutes a task today"),
    "checking_minutes": say("Minutes a task for checking that is not measured"),
    "extra_minutes": say("Minutes a task for tasks made only because of AI"),
    "licence_kr": say("Licences, kr. a year"),
    "support_kr": say("Support, kr. a year"),
    "training_hours": say("Training, hours in all"),
    "trial_kr": say("The trial itself, kr. once"),
}
"""What turns minutes into money, by its key."""
SHARES = ("eligible", "adoption", "realisable", "cashable")
"""Of these a person writes per cent."""
UNKNOWN = say("What nobody knows yet stays unknown in every sum; never write a number as a guess.")
SPAN = say("Low is the least favourable (of what is paid the largest), high the most favourable.")
LOCKED = say(
    "The trial is registered: what it promised is locked. A change is told with a reason, "
    "by `htkeval deviate`."
)
RIGHT = say("The definition is right.")
WRONG = say("The definition is not right yet:")


def goal_name(metric: Metric) -> Text:
    """The field of the smallest gain worth having."""
    return say("Smallest gain worth having (%)") if metric.role == "primary" else say("Goal (%)")


def margin_name(metric: Metric) -> Text:
    """The field of the worsening that is accepted."""
    if metric.unit:
        return say("So much worse it may be at most ({unit})", unit=metric.unit)
    return say("So much worse it may be at most")


def role_name(metric: Metric) -> Text:
    """What a measure is for."""
    return {
        "primary": say("The trial is decided on this measure."),
        "guardrail": say("A guardrail: it may not become much worse."),
        "secondary": say("It is told, and decides nothing."),
    }[metric.role]


def noted(n: int) -> Text:
    """How many remarks there are on a definition that is right."""
    if n == 0:
        return say("The definition is right, and there is nothing to remark.")
    return say("The definition is right. Remarks: {n}", n=n)


def made(trial: Trial) -> Text:
    """What was written, for a new trial."""
    return say(
        "{title} is written in experiments/{slug}. Next: fill in README.md, read what is in "
        "material, and read the remarks below.",
        title=trial.title,
        slug=trial.id,
    )


def changed(trial: Trial) -> Text:
    """What was written, for one that was there."""
    return say("{title}: trial.toml is written.", title=trial.title)

"""What the tests of the store put into it."""

from datetime import UTC, datetime

from sqlalchemy import text

from htkeval.decision import Actor
from htkeval.measurement import Batch, Measurement
from htkeval.trial import Trial

MAJA = Actor(name="Maja Holm", known_by="declared")
NOON = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)

TRIAL = Trial.model_validate(
    {
        "id": "referater",
        "title": "Referater",
        "question": "Hurtigere?",
        "area": "Social",
        "technology": "speech_to_text",
        "starts": "2026-01-12",
        "ends": "2026-04-10",
        "arms": {"baseline": {"label": "I hånden"}, "treatment": {"label": "Udkast"}},
        "design": {
            "kind": "within",
            "randomised": True,
            "arm": "gruppe",
            "participant": "medarbejder",
            "task": "opgave",
            "team": "team",
        },
        "metrics": [
            {
                "id": "task_time",
                "label": "Minutter",
                "kind": "duration",
                "column": "minutter",
                "unit": "min",
                "better": "lower",
                "role": "primary",
            },
            {
                "id": "errors",
                "label": "Fejl",
                "kind": "count",
                "column": "fejl",
                "better": "lower",
                "role": "guardrail",
            },
        ],
    }
)
"""Column names are Danish, so that nothing works by chance."""


def row(number: int, *, who: str | None = None, minutes: float | None = None) -> Measurement:
    """A measurement; another number is another task."""
    return Measurement(
        arm="treatment" if number % 2 else "baseline",
        keys={
            "medarbejder": who if who is not None else f"kollega {number % 5}",
            "opgave": f"sag {number}",
            "team": f"hold {number % 3}",
        },
        values={"minutter": 20.0 + number if minutes is None else minutes, "fejl": None},
    )


def batch(*numbers: int, name: str = "ark.csv", trial: str = TRIAL.id) -> Batch:
    """A delivery of the rows with these numbers."""
    return Batch(trial=trial, name=name, measurements=tuple(row(number) for number in numbers))


def deliver(store, delivery: Batch, **more):
    """Add a batch as the trial's own lead would."""
    given = {"actor": MAJA, "now": NOON, "participant": "medarbejder", **more}
    marked = delivery.model_copy(update={"simulated": given.pop("simulated", False)})
    return store.add_batch(marked, **given)


def note(store, kind="gate", payload=None, trial=TRIAL.id, **more):
    """Append an event."""
    given = {"actor": MAJA, "now": NOON, **more}
    return store.append(trial, kind, payload or {"gate": "dpia", "state": "closed"}, **given)


def drop_guards(connection):
    """As somebody would who wants to change what happened."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE measurement DISABLE TRIGGER USER"))
        connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        return
    names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
    for name in names:
        connection.execute(text(f"DROP TRIGGER {name}"))

"""Where this municipality's trials, rules and store are."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from htkeval import toml_file
from htkeval.errors import Problem, Refused, TrialError, TrialUnreadable, UsageError
from htkeval.municipality import Municipality
from htkeval.text import say
from htkeval.trial import Trial
from htkeval.trial_file import load

if TYPE_CHECKING:
    from htkeval.budget import Budget
    from htkeval.decision import Policy
    from htkeval.economics import Rates
    from htkeval.fund import Pool
    from htkeval.law import Law
    from htkeval.paper import Template
    from htkeval.rights import Identity
    from htkeval.roles import Roles

MARK = Path("configs") / "municipality.toml"
LAW = Path("configs") / "law.toml"
PAPER = Path("configs") / "paper.toml"
ROLES = Path("configs") / "roles.toml"


@dataclass(frozen=True)
class Workspace:
    """A folder with `configs/municipality.toml`, and the addresses that follow from it."""

    root: Path
    """The folder itself."""
    store: str
    """SQLAlchemy address of the store."""
    blobs: Path
    """Folder of immutable files named by SHA-256."""
    tracking: str
    """Address of MLflow."""
    who: "Identity | None" = None
    """Who has it open by a login, and may see and do what his roles allow; None: whoever sits at
    this computer, with every right."""
    patience: float = 30.0
    """Seconds to wait for others who keep the store to themselves, where it is only read."""

    @property
    def municipality(self) -> Municipality:
        """Who this is for."""
        return toml_file.read(self.root / MARK, Municipality, error=Refused)

    @property
    def policy(self) -> "Policy":
        """The rules in force."""
        from htkeval.decision import Policy

        return toml_file.read(self.root / "configs" / "policy.toml", Policy, error=Refused)

    @property
    def rates(self) -> "Rates":
        """What is the same for all trials when minutes are turned into kroner."""
        from htkeval.economics import Rates

        return toml_file.read(self.root / "configs" / "economics.toml", Rates, error=Refused)

    @property
    def budget(self) -> "Budget":
        """What has been booked."""
        from htkeval.budget import Budget

        return toml_file.read(self.root / "configs" / "budget.toml", Budget, error=Refused)

    @property
    def pool(self) -> "Pool":
        """What the municipality has set aside for trials to apply for.

        Raises:
            TrialUnreadable: There is no such file: workspaces made before have none.
            Refused: It says something else than a pool.
        """
        from htkeval.fund import Pool

        file = self.root / "configs" / "fund.toml"
        if not file.exists():
            step = say("`htkeval init` in an empty folder makes one; copy it and correct it.")
            problem = Problem(str(file), say("no such file"), say("a TOML file"), step)
            raise TrialUnreadable(problem)
        return toml_file.read(file, Pool, error=Refused)

    @property
    def roles(self) -> "Roles":
        """Who may do what in the dashboard; nobody is named where there is no such file, as in
        workspaces made before."""
        from htkeval.roles import Roles

        file = self.root / ROLES
        return toml_file.read(file, Roles, error=Refused) if file.exists() else Roles()

    @property
    def law(self) -> "Law | None":
        """What each gate has to settle, with sources; None where there is no such file, as in
        workspaces made before."""
        from htkeval.law import Law

        file = self.root / LAW
        return toml_file.read(file, Law, error=Refused) if file.exists() else None

    @property
    def paper(self) -> "Template":
        """What papers are called; of workspaces made before there were papers, as it travels."""
        from htkeval.paper import Template
        from htkeval.resources import bundled

        file = self.root / PAPER
        known = file if file.exists() else bundled("configs") / PAPER.name
        return toml_file.read(known, Template, error=Refused)

    @property
    def trial_files(self) -> tuple[Path, ...]:
        """Every `trial.toml` under `experiments`, by folder name."""
        return tuple(sorted((self.root / "experiments").glob("*/trial.toml")))

    @property
    def readable_trials(self) -> tuple[Trial, ...]:
        """Every trial whose definition is right; another's mistake does not stop these."""
        found = []
        for file in self.trial_files:
            with suppress(TrialError, TrialUnreadable):
                found.append(load(file))
        return tuple(found)

    def trial(self, name: str) -> Trial:
        """A trial by its folder's name, its id, or a path to a `trial.toml`.

        Raises:
            TrialError: Another trial of this workspace has the same id.
        """
        file = self.trial_file(name)
        trial = load(file)
        alike = (one for one in self.trial_files if _has(one, trial.id))
        twin = next((one for one in alike if one.resolve() != file.resolve()), None)
        if twin is not None:
            raise TrialError(
                [
                    Problem(
                        say("{file}, {key}", file=str(file), key="id"),
                        say("{id}, which {other} has too", id=trial.id, other=str(twin)),
                        say("an id of its own"),
                    )
                ]
            )
        return trial

    def trial_file(self, name: str) -> Path:
        """The file that defines a trial. Raises `UsageError` where there is none."""
        return find_trial(name, self)


def find_trial(name: str, workspace: "Workspace | None") -> Path:
    """The `trial.toml` that is meant by a slug, an id, or a path.

    Raises:
        UsageError: Nothing by that name; a slug never leaves the `experiments` folder.
    """
    path = Path(name)
    if path.name == "trial.toml" or path.suffix == ".toml":
        return path
    if workspace and not {"/", "\\"} & set(name) and name not in ("", ".", ".."):
        files = workspace.trial_files
        for file in files:
            if file.parent.name == name:
                return file
        by_id = (file for file in files if _has(file, name))
        if found := next(by_id, None):
            return found
    elif (path / "trial.toml").is_file() and ".." not in path.parts:
        return path / "trial.toml"
    known = ", ".join(file.parent.name for file in workspace.trial_files) if workspace else ""
    raise UsageError(
        Problem(
            say("trial {name}", name=name),
            say("no such trial"),
            say("one of {known}, or a path to a trial.toml", known=known)
            if known
            else say("a path to a trial.toml, or a workspace with trials in it"),
        )
    )


def _has(file: Path, wanted: str) -> bool:
    """Whether a trial's id is this one, without validating the rest: another trial's fault must not
    hide this one. Among a hundred files only those are parsed that could say it."""
    import tomllib

    try:
        text = file.read_text(encoding="utf-8-sig")
        if wanted not in text and "\\" not in text:  # an escape may spell any letter
            return False
        return bool(tomllib.loads(text).get("id") == wanted)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


def find(
    start: Path, environ: Mapping[str, str] = os.environ, given: str | None = None
) -> Workspace:
    """The workspace: `given`, else `HTKEVAL_WORKSPACE`, else the nearest folder upwards.

    Raises:
        UsageError: There is none.
    """
    named = given or environ.get("HTKEVAL_WORKSPACE")
    candidates = [Path(named).resolve()] if named else [start.resolve(), *start.resolve().parents]
    root = next((folder for folder in candidates if (folder / MARK).is_file()), None)
    if root is None:
        raise UsageError(
            Problem(
                say("folder {folder}", folder=str(candidates[0])),
                say("no workspace"),
                say("a folder that holds {mark}", mark=MARK.as_posix()),
                say("`htkeval init` makes one, `htkeval demo` one with a story in it."),
            )
        )
    return at(root, environ)


def at(root: Path, environ: Mapping[str, str] = os.environ) -> Workspace:
    """The workspace in a folder, with the addresses that the environment may move."""
    hidden = root / ".htkeval"
    local = f"sqlite:///{(hidden / 'store.db').as_posix()}"
    runs = f"sqlite:///{(hidden / 'mlflow.db').as_posix()}"
    return Workspace(
        root=root,
        store=environ.get("HTKEVAL_STORE") or local,
        blobs=Path(environ.get("HTKEVAL_BLOBS") or hidden / "blobs"),
        tracking=environ.get("MLFLOW_TRACKING_URI") or runs,
    )

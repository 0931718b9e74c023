"""Every document that commands print, and the JSON Schema of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from htkeval.analysis import Analysis
from htkeval.annex import BudgetChances, Chances
from htkeval.business_case import BusinessCase
from htkeval.cli.printed.drawn import Allocation
from htkeval.cli.printed.exchange import EvidenceList, EvidencePool
from htkeval.cli.printed.fund import FundStatus
from htkeval.cli.printed.gates import Gates
from htkeval.cli.printed.lists import (
    Attached,
    Conditions,
    Exclusions,
    Findings,
    FollowUps,
    Notes,
    Participants,
    Queries,
    Rows,
    Second,
)
from htkeval.cli.printed.paper import PaperDocument, Papers
from htkeval.cli.printed.standing import Checks, Definition, Delivery, Status
from htkeval.decision import Recommendation
from htkeval.evidence_package import EvidencePackage
from htkeval.frozen import Spoken
from htkeval.outlook import Outlook
from htkeval.resources import PACKAGE
from htkeval.strategy import Strategy
from htkeval.supported import Supported

DOCUMENTS: dict[str, type[BaseModel]] = {
    "analysis": Analysis,
    "plan": Outlook,
    "recommendation": Recommendation,
    "business": BusinessCase,
    "business_annex": Chances,
    "budget": Supported,
    "budget_annex": BudgetChances,
    "check": Definition,
    "status": Status,
    "rows": Rows,
    "participants": Participants,
    "exclusions": Exclusions,
    "queries": Queries,
    "findings": Findings,
    "notes": Notes,
    "strategy": Strategy,
    "conditions": Conditions,
    "follow_up": FollowUps,
    "second": Second,
    "checks": Checks,
    "sync": Delivery,
    "allocate": Allocation,
    "attach": Attached,
    "fund": FundStatus,
    "gates": Gates,
    "paper": PaperDocument,
    "papers": Papers,
    "evidence_package": EvidencePackage,
    "evidence_list": EvidenceList,
    "evidence_pool": EvidencePool,
}
"""Every document, by the name of its schema file."""


def schema(noun: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a document as printed: every sentence also in words."""
    made: dict[str, Any] = noun.model_json_schema(by_alias=True, mode="serialization")
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for spoken in Spoken.__subclasses__():
        here = made if spoken is noun else made.get("$defs", {}).get(spoken.__name__)
        if here:
            here["properties"][spoken.word] = {"type": "string"}
            here["required"] = sorted({*here["required"], spoken.word})
    return made


def write_schemas(folder: Path) -> None:
    """Write every schema as `<name>.schema.json`."""
    for name, noun in DOCUMENTS.items():
        text = json.dumps(schema(noun), ensure_ascii=False, indent=2, sort_keys=True)
        (folder / f"{name}.schema.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_schemas(PACKAGE / "schemas")

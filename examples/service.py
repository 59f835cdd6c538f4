"""A small service that judges records over HTTP: one pack loaded once, every thread sharing it, every refusal said in full.

    uvicorn examples.service:app

Needs `pip install optam-rules fastapi uvicorn`.
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from functools import cache
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

import optam_rules
from optam_rules import Answer, CallError, OptamError, Pack, PackNotFoundError, RecordError, diagnose

_STATUSES = {RecordError: 422, CallError: 400, PackNotFoundError: 404}
app = FastAPI(title="Jugements de conventions médicales")


@cache
def pack(name: str) -> Pack:
    """Load a pack once; a Pack is immutable, so that all threads may judge with it at the same time."""
    return optam_rules.load(name)


@app.exception_handler(OptamError)
def refused(_: Request, error: OptamError) -> JSONResponse:
    """Answer a refusal with every diagnostic: what is wrong with the record is 422, with the call 400, a pack that does not exist 404."""
    status = next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 500)
    return JSONResponse({"diagnostics": [diagnostic.to_json() for diagnostic in error.diagnostics]}, status)


@app.post("/packs/{name}/judgements")
async def judge(name: str, on: dt.date, request: Request, answers: str | None = None) -> dict[str, Any]:
    """Judge the record of the body on a date; `answers` lists the answers wanted, parted by commas."""
    # Numbers by their own digits: a float is refused by the library, since 0.1 is not a tenth.
    try:
        record = json.loads(await request.body(), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise CallError([diagnose("E531", offset=error.start)]) from error
    except json.JSONDecodeError as error:
        raise CallError([diagnose("E530", line=error.lineno, column=error.colno, reason=error.msg)]) from error
    judgement = pack(name).evaluate(record, on=on, answers=answers.split(",") if answers else None, trace=False)
    return {
        "identifiant": judgement.identifiant,
        "on": judgement.on,
        "pack": {"id": judgement.pack, "version": judgement.version, "digest": judgement.digest},
        "answers": {path: told(answer) for path, answer in judgement.answers.items()},
    }


def told(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON: exact values as text, so that no reader rounds them."""
    value = answer.value
    plain = value if value is None or isinstance(value, bool | int | str) else str(value)
    return {"status": str(answer.status), "value": plain, "needs": sorted(answer.needs), "standing": answer.standing}

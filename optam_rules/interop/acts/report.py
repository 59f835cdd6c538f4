"""What became of the lines of a file: counted, set aside and why, left to a reading; and on what the figures rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs


@attrs.frozen
class Report:
    """Counts of lines and years; `read` is the sum of `counted`, `set_aside` and `by_reading`.

    `reasons` counts every reason of every line set aside, so that their sum may exceed the lines; `by_reading` counts the lines that an
    open question decides, and `unsettled` the years in which some figure differs between its readings. `doubtful` counts the years that a
    faulty line leaves in doubt, `unattributed` the faulty lines that name no practitioner. `notices` counts lines that count and are to be
    looked at.
    """

    pack: str
    version: str
    digest: str
    on: dt.date
    read: int
    counted: int
    set_aside: int
    by_reading: int
    reasons: Mapping[str, int]
    notices: Mapping[str, int]
    years: int
    doubtful: int
    unsettled: int
    unattributed: int
    assumed: Mapping[str, str]
    open_questions: Mapping[str, str]
    hypotheses: tuple[str, ...]
    key: tuple[str, ...]
    practitioners: int | None
    lump_sums: str

    def sentences(self) -> list[str]:
        """Tell it in French, the account of lines last."""
        told = [f"d'après {self.pack}, version {self.version}, au {self.on}"]
        told += [f"lecture choisie : {name} = {reading}" for name, reading in self.assumed.items()]
        told += [f"question ouverte : {name} — {text}" for name, text in self.open_questions.items()]
        told += [f"hypothèse : {text}" for text in self.hypotheses]
        told.append(f"forfaits : {self.lump_sums}")
        told.append(
            f"doublons : lignes de mêmes {', '.join(self.key)}" if self.key else "doublons non cherchés : rien n'identifie une ligne"
        )
        told.append(f"médecins connus : {self.practitioners}" if self.practitioners is not None else "médecins inconnus non cherchés")
        told += [f"écartées, {reason} : {count}" for reason, count in self.reasons.items()]
        told += [f"comptées, à regarder, {notice} : {count}" for notice, count in self.notices.items() if count]
        if self.unattributed:
            told.append(f"lignes fautives sans médecin, qui ne laissent aucune année en doute : {self.unattributed}")
        told.append(f"exercices : {self.years}, dont {self.doubtful} qu'une ligne fautive laisse en doute et {self.unsettled} à trancher")
        between = f" + selon la lecture : {self.by_reading}" if self.by_reading else ""
        told.append(f"lignes lues : {self.read} = comptées : {self.counted} + écartées : {self.set_aside}{between}")
        return told

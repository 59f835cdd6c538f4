"""What became of the lines of a file: counted, set aside and why, left to a reading; and on what the figures rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from optam_rules.base.phrases import Lang, Phrase, filled


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
    lump_sums: Phrase

    def sentences(self, lang: Lang = "fr") -> list[str]:
        """Tell it, the account of lines last."""
        return [sentence.told(lang) for sentence in self._sentences()]

    def _sentences(self) -> Iterator[Phrase]:
        pack, version, on = self.pack, self.version, self.on
        yield Phrase(f"d'après {pack}, version {version}, au {on}", f"by {pack}, version {version}, on {on}")
        for name, reading in self.assumed.items():
            yield Phrase(f"lecture choisie : {name} = {reading}", f"reading chosen: {name} = {reading}")
        for name, text in self.open_questions.items():
            yield Phrase(f"question ouverte : {name} — {text}", f"open question: {name} — {text}")
        for text in self.hypotheses:
            yield Phrase(f"hypothèse : {text}", f"assumption: {text}")
        yield filled("forfaits : {codes}", "lump sums: {codes}", codes=self.lump_sums)
        key = ", ".join(self.key)
        if key:
            yield Phrase(f"doublons : lignes de mêmes {key}", f"duplicates: lines with the same {key}")
        else:
            yield Phrase("doublons non cherchés : rien n'identifie une ligne", "duplicates not sought: nothing identifies a line")
        if self.practitioners is not None:
            yield Phrase(f"médecins connus : {self.practitioners}", f"known doctors: {self.practitioners}")
        else:
            yield Phrase("médecins inconnus non cherchés", "unknown doctors not sought")
        for reason, count in self.reasons.items():
            yield Phrase(f"écartées, {reason} : {count}", f"set aside, {reason}: {count}")
        for notice, count in self.notices.items():
            if count:
                yield Phrase(f"comptées, à regarder, {notice} : {count}", f"counted, to be looked at, {notice}: {count}")
        if self.unattributed:
            yield Phrase(
                f"lignes fautives sans médecin, qui ne laissent aucune année en doute : {self.unattributed}",
                f"faulty lines without a doctor, which leave no year in doubt: {self.unattributed}",
            )
        yield Phrase(
            f"exercices : {self.years}, dont {self.doubtful} qu'une ligne fautive laisse en doute et {self.unsettled} à trancher",
            f"years: {self.years}, of which {self.doubtful} left in doubt by a faulty line and {self.unsettled} to be settled",
        )
        between = self.by_reading
        yield Phrase(
            f"lignes lues : {self.read} = comptées : {self.counted} + écartées : {self.set_aside}"
            + (f" + selon la lecture : {between}" if between else ""),
            f"lines read: {self.read} = counted: {self.counted} + set aside: {self.set_aside}"
            + (f" + depending on the reading: {between}" if between else ""),
        )

"""From values to names and blocks: what is worked out is kept for the rest of its block, and alternatives leave one value in one form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import lcm
from typing import NoReturn, cast

import attrs

from optam_rules.backends.row.numbers import NotWholeError, Ratio, times
from optam_rules.backends.row.seen import UNSEEN, Seen, alternatives, seen_in_turn
from optam_rules.backends.row.writer import Writer, identifier
from optam_rules.core.absence import Rest
from optam_rules.core.standing import Standing

NOTHING: Rest = (Standing.TEXT, frozenset())
_MAX_DEPTH, _MAX_NAMES = 14, 2_000  # of nested blocks, of names for what is emitted at one go


class GivenUpError(NotWholeError):
    """Raised where what is being emitted gives the record up."""


class TooDeepError(Exception):
    """Raised where a definition that every record comes to stands too deep; `make` is to be emitted first."""

    def __init__(self, make: Callable[[], Piece]) -> None:
        super().__init__()
        self.make = make


@attrs.frozen
class Piece:
    """A known value: a number as a ratio, anything else as an expression; and what it rests on, or the name that holds it.

    `seen` is what was seen on the way to it, where that is kept.
    """

    code: str | Ratio
    rest: Rest | str = NOTHING
    seen: Seen = UNSEEN


@attrs.frozen
class Choice:
    """A block: its condition, what was read to come to it, and what emits its value."""

    condition: str
    read: Sequence[Piece]
    make: Callable[[], Piece]


def both(left: Rest, right: Rest) -> Rest:
    """Return what rests on both."""
    return left if left is right else (min(left[0], right[0]), left[1] | right[1])


class Blocks:
    """The statements of a function while they are emitted, block in block."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.loops: tuple[str, ...] = ()  # what the loops around go through
        self._known: list[dict[tuple[str, object], Piece]] = [{}]
        self._limit = 0
        self._held: list[str] = []  # conditions of the blocks around what is emitted now

    @property
    def outermost(self) -> bool:
        """Tell whether every record comes to what is emitted now."""
        return len(self._known) == 1

    def attempt(self, make: Callable[[], Piece]) -> Piece | None:
        """Emit an answer and what it needs emitted before it, or nothing at all where it cannot be compiled."""
        start, kept = self.writer.mark(), dict(self._known[0])
        waiting = [make]
        try:
            while True:
                begun, held = self.writer.mark(), dict(self._known[0])
                self._limit = self.writer.size + _MAX_NAMES
                try:
                    piece = waiting[-1]()
                except TooDeepError as error:
                    self._back_to(begun, held)
                    waiting.append(error.make)
                    continue
                waiting.pop()
                if not waiting:
                    return piece
        except NotWholeError:
            self._back_to(start, kept)
            return None

    def _back_to(self, place: int, known: dict[tuple[str, object], Piece]) -> None:
        self.writer.back_to(place)
        self._known = [known]
        self.loops = ()

    def enter(self) -> None:
        """Begin a block that not every record comes to."""
        self._known.append({})

    def leave(self) -> None:
        """End a block."""
        self._known.pop()

    def remembered(self, place: tuple[str, object], make: Callable[[], Piece]) -> Piece:
        """Return what was made for a place in this block or around it, else make it."""
        for known_here in self._known:
            if place in known_here:
                return known_here[place]
        piece = self._known[-1][place] = make()
        return piece

    def knows(self, place: tuple[str, object]) -> bool:
        """Tell whether something was made for a place in this block or around it."""
        return any(place in known_here for known_here in self._known)

    def holds(self, condition: str) -> bool:
        """Tell whether a block around what is emitted now has that condition."""
        return condition in self._held

    def give_up(self) -> NoReturn:
        """Give the record up: the branch that is being emitted, or the whole answer where that is in none."""
        raise GivenUpError

    def give_up_if(self, condition: str) -> None:
        """Emit that the record is given up on a condition."""
        self.writer.line(f"if {condition}: raise PartialError")

    def named(self, code: str, prefix: str = "v") -> str:
        """Return a name, or digits, for an expression."""
        return code if code.isidentifier() or code.isdigit() else self.writer.assign(code, prefix)

    def kept(self, piece: Piece, name: str = "") -> Piece:
        """Put a value in a name, so that it is worked out once."""
        code, prefix = piece.code, identifier(name) if name else "v"
        if isinstance(code, Ratio):
            below = self.named(code.below) if isinstance(code.below, str) else code.below
            return attrs.evolve(piece, code=attrs.evolve(code, code=self.named(code.code, prefix), below=below))
        return attrs.evolve(piece, code=self.named(code, prefix))

    def rest(self, rests: Sequence[Rest | str]) -> Rest | str:
        """Return what rests on all of some."""
        fixed = NOTHING
        names: dict[str, None] = {}
        for rest in rests:
            if isinstance(rest, str):
                names[rest] = None
            else:
                fixed = both(fixed, rest)
        if not names:
            return fixed
        code = "" if fixed == NOTHING else self.writer.constant(fixed)
        for name in names:
            code = f"both({code}, {name})" if code else name
        return self.named(code, "rest")

    def written(self, rest: Rest | str) -> str:
        """Return the expression of what a value rests on."""
        return rest if isinstance(rest, str) else self.writer.constant(rest)

    # --- alternatives ------------------------------------------------------------------------------------------------------------

    def one_of(self, choices: Sequence[Choice]) -> Piece:
        """Emit `if`, `elif` and `else` blocks that leave one value, in one form; the last choice is taken where no other is."""
        if self.writer.depth > _MAX_DEPTH or self.writer.size > self._limit:
            raise NotWholeError
        blocks: list[tuple[str, list[str], Piece | None]] = []
        for choice in choices:
            blocks.append((choice.condition, *self._captured(choice)))
        taken = [piece for _, _, piece in blocks if piece is not None]
        if not taken:
            self.give_up()
        value, below, rest = self.writer.fresh(), self.writer.fresh("below"), self.writer.fresh("rest")
        form = _form(taken, below)
        rests = {piece.rest for piece in taken}
        seen, told = alternatives([piece.seen for piece in taken], self.writer.fresh)
        own = iter(told)
        for index, (condition, lines, piece) in enumerate(blocks):
            head = "else" if index == len(blocks) - 1 else f"{'elif' if index else 'if'} {condition}"
            with self.writer.block(f"{head}:" if len(blocks) > 1 else "if True:"):
                self.writer.add(lines)
                if piece is None:
                    continue
                for line in next(own):
                    self.writer.line(line)
                self.writer.line(f"{value} = {_in_form(piece, form)}")
                if isinstance(form, Ratio) and form.below == below:
                    self.writer.line(f"{below} = {cast('Ratio', piece.code).below}")
                if len(rests) > 1:
                    self.writer.line(f"{rest} = {self.written(piece.rest)}")
        code = attrs.evolve(form, code=value) if isinstance(form, Ratio) else value
        return Piece(code, next(iter(rests)) if len(rests) == 1 else rest, seen)

    def _captured(self, choice: Choice) -> tuple[list[str], Piece | None]:
        """Emit a block apart; no piece where it gives the record up."""
        depth, loops = len(self._known), self.loops
        with self.writer.captured() as lines:
            self._known.append({})
            self._held.append(choice.condition)
            try:
                piece = choice.make()
                seen = seen_in_turn([*(read.seen for read in choice.read), piece.seen])
                return lines, attrs.evolve(piece, rest=self._rest_of(piece, choice), seen=seen)
            except GivenUpError:
                lines[:] = []
                self.writer.line("raise PartialError")
                return lines, None
            finally:
                del self._known[depth:]
                del self._held[depth - 1 :]
                self.loops = loops

    def _rest_of(self, piece: Piece, choice: Choice) -> Rest | str:
        rests = [*(read.rest for read in choice.read), piece.rest]
        if any(isinstance(rest, str) for rest in rests) and len({*rests} - {NOTHING}) > 1:
            raise NotWholeError  # two rests that the record decides, in one branch
        names = [rest for rest in rests if isinstance(rest, str)]
        return names[0] if names else self.rest(rests)


def _form(pieces: Sequence[Piece], below: str) -> Ratio | None:
    """Return one form for values: `None` as they are, or integers over one constant, or over what the name `below` holds."""
    ratios = [piece.code for piece in pieces if isinstance(piece.code, Ratio)]
    if not ratios:
        return None
    natural = all(ratio.natural for ratio in ratios)
    constants = [ratio.below for ratio in ratios if isinstance(ratio.below, int)]
    if len(constants) < len(ratios):
        return Ratio("", below, max(ratio.bits for ratio in ratios), natural)
    shared = lcm(*constants)
    return Ratio("", shared, max(ratio.bits for ratio in ratios) + shared.bit_length(), natural)


def _in_form(piece: Piece, form: Ratio | None) -> str:
    code = piece.code
    if form is None or not isinstance(code, Ratio):
        return cast("str", code)
    if isinstance(form.below, int) and isinstance(code.below, int):
        return times(code.code, form.below // code.below)
    return code.code

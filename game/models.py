"""The database's models: what they mean to each other. What may be done with them is said in game/rules."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, Integer, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from game.accounts import Account, AdminLink, ClaimLink, SignIn
from game.curating import Suggestion
from game.days import PromptDay
from game.explained import Explanation
from game.machines import Chore, Machine, OrderDone, StandingOrder
from game.order import Act, Appeal, Ban, Decision, FilterLine, Report, Trace
from game.past import PastScore, Rejudging
from game.rooms import Room, RoomRound, RoomSeat, RoomWork
from game.steered import RunCheckpoint, RunOrder
from game.tables import Base, new_id, now
from game.votes import ArenaBoard, Rating, Vote, VoterEvidence

__all__ = ["Account", "Act", "AdminLink", "Appeal", "ArenaBoard", "Ban", "Caption", "Chore", "ClaimLink", "Decision",
           "Entry", "Explanation", "FilterLine", "IdempotencyKey", "Machine", "OrderDone", "PastScore", "Player",
           "Prompt", "PromptDay", "Rating", "Rejudging", "Report", "Room", "RoomRound", "RoomSeat", "RoomWork", "Run",
           "RunCheckpoint", "RunEvent", "RunOrder", "SignIn", "StandingOrder", "Suggestion", "Token", "Trace", "Vote",
           "VoterEvidence"]  # fmt: skip


class Player(Base):
    """Who enters: a person, without a name until they choose one, or a machine, one for each prior."""

    __tablename__ = "player"
    __table_args__ = (CheckConstraint("kind in ('human', 'ai')", "kind"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    name: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(8), default="human")
    prior: Mapped[str | None] = mapped_column(String(32), unique=True)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_moderator: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)

    @property
    def keeps_order(self) -> bool:
        """Whether this is an administrator or a moderator."""
        return self.is_admin or self.is_moderator


class Token(Base):
    """A bearer token of a player, kept as its SHA-256 only."""

    __tablename__ = "token"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    player: Mapped[Player] = relationship()


class Prompt(Base):
    """What players are asked to draw. `needs_clip`: closed unless a judge with real CLIP weights sits."""

    __tablename__ = "prompt"
    __table_args__ = (
        CheckConstraint("state in ('open', 'closed')", "state"),
        Index("ix_prompt_new", "state", "created_at", "id"),
        Index("ix_prompt_popular", "state", "entry_count", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    text: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(8), default="open")
    needs_clip: Mapped[bool] = mapped_column(default=False)
    seed: Mapped[str | None] = mapped_column(String(200), unique=True)  # the text it was seeded with
    entry_count: Mapped[int] = mapped_column(default=0)  # visible entries; kept by game.rules.ranking.recount
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)


class Entry(Base):
    """Anything ranked under a prompt. `penalised` is the similarity times all penalties' factors: boards go by it.

    In the state `room` it hangs in a room only, on no board.
    """

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("kind in ('human', 'ai')", "kind"),
        CheckConstraint("state in ('visible', 'held', 'hidden', 'room')", "state"),
        Index("ix_entry_board", "prompt_id", "judge", "state", "penalised", "id"),
        Index("ix_entry_board_kind", "prompt_id", "judge", "kind", "state", "penalised", "id"),
        Index("ix_entry_second", "prompt_id", "second_judge", "state", "second_penalised", "id"),
        Index("ix_entry_second_kind", "prompt_id", "second_judge", "kind", "state", "second_penalised", "id"),
        Index("ix_entry_side", "judge", "state", "kind", "id"),
        Index("ix_entry_judged", "judge", "state", "id", "judged_at"),
        Index("ix_entry_works", "player_id", "created_at", "id", "prompt_id", "state"),
        Index("ix_entry_mine", "player_id", "prompt_id", "judge", "state", "penalised", "id", "created_at"),
        Index("ix_entry_state", "state", "created_at", "id"),
        Index("ix_entry_any", "state", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"))
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"))
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8), default="visible")
    picture: Mapped[str] = mapped_column(String(90))  # object names, see game.storage
    drawing: Mapped[str | None] = mapped_column(String(90))
    judge: Mapped[str] = mapped_column(String(200))
    noise: Mapped[float]  # the judge's, when it judged: closer than this is a tie
    similarity: Mapped[float]
    percentile: Mapped[float]
    penalised: Mapped[float]
    penalties: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    embedding: Mapped[bytes]  # float16, the unit row that the judge gave the picture
    judged_at: Mapped[datetime] = mapped_column(default=now)
    second_judge: Mapped[str | None] = mapped_column(String(200))  # the second judge's opinion: all of it or nothing
    second_noise: Mapped[float | None]
    second_similarity: Mapped[float | None]
    second_percentile: Mapped[float | None]
    second_penalised: Mapped[float | None]
    second_embedding: Mapped[bytes | None]
    second_judged_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    prompt: Mapped[Prompt] = relationship()
    player: Mapped[Player] = relationship()
    run: Mapped[Run | None] = relationship()
    decisions: Mapped[list[Decision]] = relationship(order_by=Decision.created_at)


class Caption(Base):
    """A sentence entered for a picture, judged against the picture's embedding.

    `guide` and `tried` are a machine's: the encoder that it climbed, and how many phrases it tried. `attempt` is a
    person's, counted from 1; with `revealed_at` they have been told what was asked for, and try no more.
    """

    __tablename__ = "caption"
    __table_args__ = (
        CheckConstraint("state in ('visible', 'held', 'hidden')", "state"),
        Index("ix_caption_machine", "entry_id", "guide", unique=True),  # people's have no guide and never clash
        Index("ix_caption_board", "entry_id", "judge", "state", "similarity", "id"),
        Index("ix_caption_state", "state", "created_at", "id"),
        Index("ix_caption_try", "player_id", "entry_id", "attempt", unique=True),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    entry_id: Mapped[str] = mapped_column(ForeignKey("entry.id"))
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"))
    text: Mapped[str] = mapped_column(Text)
    tokens: Mapped[int]
    state: Mapped[str] = mapped_column(String(8), default="visible")
    judge: Mapped[str] = mapped_column(String(200))
    noise: Mapped[float]
    similarity: Mapped[float]
    percentile: Mapped[float]
    guide: Mapped[str | None] = mapped_column(String(200))
    tried: Mapped[int | None]
    attempt: Mapped[int | None]
    revealed_at: Mapped[datetime | None]
    judged_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)
    entry: Mapped[Entry] = relationship()
    player: Mapped[Player] = relationship()


class Run(Base):
    """One generation by the machine. Object names are those of game.storage; `token` is the current start's.

    `round` counts how often it was taken up again; `orders_kept` is the last order that its checkpoint obeys. What
    began from another run's checkpoint names that run as its parent, and so does one that is that run with another seed
    (`parent_step` null).
    """

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')", "state"),
        Index("ix_run_state", "state", "created_at", "id"),
        Index("ix_run_turn", "state", "priority", "turn", "id"),
        Index("ix_run_requested", "requested_by", "state"),
        Index("ix_run_created_at", "created_at", "id"),
        Index("ix_run_batch", "batch", "state"),
        Index("ix_run_of_player", "player_id", "created_at", "id", "state"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    prompt_id: Mapped[str] = mapped_column(ForeignKey("prompt.id"), index=True)
    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"))
    requested_by: Mapped[str | None] = mapped_column(ForeignKey("player.id"))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default="queued")
    step: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=5, server_default="5")  # 1 to 9; 9 comes first
    turn: Mapped[int] = mapped_column(default=0, server_default="0")  # among those: see game.rules.queueing
    loss: Mapped[float | None]
    similarity: Mapped[float | None]
    percentile: Mapped[float | None]
    preview: Mapped[str | None] = mapped_column(String(90))
    picture: Mapped[str | None] = mapped_column(String(90))  # the finished one
    drawing: Mapped[str | None] = mapped_column(String(90))
    checkpoint: Mapped[str | None] = mapped_column(String(90))
    token: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    pause_requested: Mapped[bool] = mapped_column(default=False, server_default=false())
    round: Mapped[int] = mapped_column(default=0, server_default="0")
    orders_kept: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    choice_s: Mapped[int] = mapped_column(default=0, server_default="0")  # that a person has to choose in
    choose_by: Mapped[datetime | None]  # while a person may choose
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"))
    parent_step: Mapped[int | None]
    batch: Mapped[str | None] = mapped_column(String(16))
    publish_when_done: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(Text)
    worker: Mapped[str | None] = mapped_column(String(64))
    device: Mapped[str | None] = mapped_column(String(64))
    seconds: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    prompt: Mapped[Prompt] = relationship()
    player: Mapped[Player] = relationship(foreign_keys=player_id)


class RunEvent(Base):
    """Something that happened to a run (`progress`, `preview`, `state`, `order`, `choice`, `chosen`); ids only grow."""

    __tablename__ = "run_event"
    __table_args__ = (Index("ix_run_event_run", "run_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"))
    kind: Mapped[str] = mapped_column(String(16))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(default=now)


class IdempotencyKey(Base):
    """A request that creates something, and its first answer; `answer` is null while it is being worked on."""

    __tablename__ = "idempotency_key"

    player_id: Mapped[str] = mapped_column(ForeignKey("player.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))  # of method, path and body
    status: Mapped[int | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)

"""What was asked of whom, what they answered, and what it came to.

Instruments themselves are no rows: they are data of the product (``rules.shipped()``). A council adds the words that it
is licensed to use, and bands and rules of change that it has a source for.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from accounts.models import Account
from families.models import Person
from kernel.tables import TenantTable, belongs_to, link, one_of
from kernel.vault import SealedText
from outcomes.terms import AskingStanding, Occasion, Respondent, Way


class Wording(TenantTable):
    """The words of an instrument in one language, with the council's word that it may use them."""

    __tablename__ = "wordings"
    __table_args__ = (
        Index(
            None,
            "tenant_id",
            "instrument",
            "language",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    instrument: Mapped[str]
    """The code of the instrument."""
    language: Mapped[str] = mapped_column(default="en")
    words: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """``{"intro": "…", "items": ["…", …], "responses": {"name of the set": ["…", …]}}``, in the order of the items."""
    attested_by: Mapped[UUID] = belongs_to("accounts")
    attested_at: Mapped[datetime]
    evidence: Mapped[str]
    """The licence in the council's own words: from whom, when, its number."""
    withdrawn_at: Mapped[datetime | None]


class CouncilBands(TenantTable):
    """Bands of a scale that the council entered, with their source, where none may be shipped as a fact."""

    __tablename__ = "council_bands"
    __table_args__ = (
        Index(
            None,
            "tenant_id",
            "instrument",
            "scale",
            "respondent",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    instrument: Mapped[str]
    scale: Mapped[str]
    respondent: Mapped[Respondent] = one_of(Respondent)
    bands: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """``[{"from": "0", "to": "13", "name": "Close to average", "clinical": false}, …]``, both ends included."""
    source: Mapped[str]
    entered_by: Mapped[UUID] = belongs_to("accounts")
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class CouncilChangeRule(TenantTable):
    """From which change on a scale counts, as the council has a source for it, where nobody published that."""

    __tablename__ = "council_change_rules"
    __table_args__ = (
        Index(
            None,
            "tenant_id",
            "instrument",
            "scale",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        CheckConstraint("deviation > 0", name="scores_differ"),
        CheckConstraint("reliability > 0 AND reliability < 1", name="reliability_is_a_share"),
    )

    instrument: Mapped[str]
    scale: Mapped[str]
    deviation: Mapped[Decimal] = mapped_column(Numeric(8, 4))
    """The standard deviation of the scores of people like those who answer."""
    reliability: Mapped[Decimal] = mapped_column(Numeric(5, 4))
    source: Mapped[str]
    entered_by: Mapped[UUID] = belongs_to("accounts")
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Asking(TenantTable):
    """That somebody is asked to answer an instrument on one occasion, and the answers as they come."""

    __tablename__ = "askings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "about_id", "instrument", "respondent_id", "occasion"),
        Index(None, "tenant_id", "token_hash", unique=True),
        Index(None, "tenant_id", "respondent_id"),
        Index(None, "tenant_id", "closes_at", postgresql_where=text("standing IN ('asked', 'started')")),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("(standing = 'answered') = (answered_at IS NOT NULL)", name="answered_at_a_time"),
    )

    instrument: Mapped[str]
    version: Mapped[str]
    occasion: Mapped[Occasion] = one_of(Occasion)
    respondent: Mapped[Respondent] = one_of(Respondent)
    respondent_id: Mapped[UUID] = belongs_to("people")
    """Who answers."""
    subject_id: Mapped[UUID] = belongs_to("people")
    """Whom it is about: the child of a questionnaire about a child, or the respondent."""
    about_id: Mapped[UUID]
    """What it is asked for: the id of a participation. Another context's business, so no key."""
    title: Mapped[str]
    """What the respondent knows it by: the name of the course, nothing else."""
    language: Mapped[str] = mapped_column(default="en")
    large_print: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[str | None]
    """The private link, hashed."""
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    standing: Mapped[AskingStanding] = one_of(AskingStanding, default=AskingStanding.ASKED)
    answers: Mapped[str | None] = mapped_column(SealedText)
    """JSON: the answer to each item by its number, as it is saved; null where the person would rather not say."""
    way: Mapped[Way | None] = one_of(Way)
    started_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    entered_by: Mapped[UUID | None] = belongs_to("accounts")
    """Who keyed it in from paper."""

    person: Mapped[Person] = link("Person", "Asking.respondent_id", viewonly=True)


class Score(TenantTable):
    """What the answers came to on one scale. No value: too few answers."""

    __tablename__ = "scores"
    __table_args__ = (
        UniqueConstraint("tenant_id", "asking_id", "scale"),
        Index(None, "tenant_id", "about_id"),
    )

    asking_id: Mapped[UUID] = belongs_to("askings", on_delete="CASCADE")
    about_id: Mapped[UUID]
    scale: Mapped[str]
    value: Mapped[Decimal | None] = mapped_column(Numeric(8, 4))
    band: Mapped[str] = mapped_column(default="")
    clinical: Mapped[bool | None]
    """Whether the band is one that needs help; empty without bands."""


class Goal(TenantTable):
    """What somebody wants to be different, in their own words, for goal-based outcomes. Encrypted."""

    __tablename__ = "goals"
    __table_args__ = (UniqueConstraint("tenant_id", "about_id", "person_id", "number"),)

    about_id: Mapped[UUID]
    person_id: Mapped[UUID] = belongs_to("people")
    number: Mapped[int]
    words: Mapped[str] = mapped_column(SealedText)


class RiskAlert(TenantTable):
    """That an answer speaks of despair or harm: somebody must look after this person today."""

    __tablename__ = "risk_alerts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "asking_id", "item"),
        Index(None, "tenant_id", "raised_at", postgresql_where=text("settled_at IS NULL")),
        Index(None, "tenant_id", "about_id"),
    )

    asking_id: Mapped[UUID] = belongs_to("askings")
    about_id: Mapped[UUID]
    item: Mapped[int]
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[UUID | None] = belongs_to("accounts")
    done: Mapped[str | None] = mapped_column(SealedText)
    """What was done about it."""

    asking: Mapped[Asking] = link("Asking", "RiskAlert.asking_id")
    settler: Mapped[Account | None] = link("Account", "RiskAlert.settled_by", viewonly=True)

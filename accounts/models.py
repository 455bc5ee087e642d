"""Accounts, what they may do, and how they are signed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from accounts.terms import LinkPurpose, Role, SignedInBy
from kernel.tables import TenantTable, belongs_to, link, one_of


class Account(TenantTable):
    """Somebody who can sign in to one council."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("tenant_id", "email_key"),)

    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str]
    """The address as it is compared: case folded, normalised."""
    password_hash: Mapped[str | None]
    password_set_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    memberships: Mapped[list["Membership"]] = link(
        "Account", "Membership.account_id", back_populates="account", order_by="Membership.role"
    )


class Membership(TenantTable):
    """One role of an account."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("tenant_id", "account_id", "role"),)

    account_id: Mapped[UUID] = belongs_to("accounts")
    role: Mapped[Role] = one_of(Role)

    account: Mapped[Account] = link("Account", "Membership.account_id", back_populates="memberships")


class SignIn(TenantTable):
    """A browser in which somebody is signed in. The token is in the cookie alone; here is its hash."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_hash"),
        Index(None, "tenant_id", "account_id", "started_at"),
    )

    account_id: Mapped[UUID] = belongs_to("accounts")
    token_hash: Mapped[str]
    how: Mapped[SignedInBy] = one_of(SignedInBy)
    device: Mapped[str]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = link("Account", "SignIn.account_id")


class SignInLink(TenantTable):
    """A link sent by e-mail that can be used once and not for long. Its token is this row's id, signed."""

    __tablename__ = "sign_in_links"
    __table_args__ = (Index(None, "tenant_id", "email_key", "created_at"),)

    account_id: Mapped[UUID | None] = belongs_to("accounts")
    """Whose link it is. Nobody's when the address is not known: that leaves the same traces as when it is."""
    email_key: Mapped[str]
    purpose: Mapped[LinkPurpose] = one_of(LinkPurpose)
    browser_hash: Mapped[str | None]
    """Stands for the browser that asked; only there can the link be used."""
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account | None] = link("Account", "SignInLink.account_id")


class ApiKey(TenantTable):
    """A machine's key: it may do what its account may, and only within its scopes."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("tenant_id", "key_hash"),)

    account_id: Mapped[UUID] = belongs_to("accounts")
    name: Mapped[str]
    key_hash: Mapped[str]
    hint: Mapped[str]
    """The first characters, by which people tell their keys apart."""
    scopes: Mapped[list[Any]] = mapped_column(JSONB)
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = link("Account", "ApiKey.account_id")

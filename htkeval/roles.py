"""Who may see and do what in the dashboard, where more than one person uses it."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from htkeval.frozen import Contradiction, Finite, Frozen

Role = Literal["reader", "lead", "analyst", "decider", "admin"]
Word = Annotated[str, Field(min_length=1)]


class Oidc(Frozen):
    """Which claims of whoever logged in say who he is. The secrets stand elsewhere."""

    account: Word = "preferred_username"
    """The claim that names the account."""
    groups: Word = "groups"
    """The claim that lists what the account is a member of."""
    hours: Annotated[Finite, Field(gt=0, le=168)] = 10
    """Hours after which somebody must log in again."""


class Proxy(Frozen):
    """The one program that requests come through, and what is believed of what it says."""

    peers: tuple[Word, ...] = Field(min_length=1)
    """Addresses that requests may come from: 10.0.0.5, or a network such as 10.0.0.0/28."""
    host: Word
    """The name by which the dashboard is called from outside, without a port."""
    header: Word | None = None
    """The header that carries the account; None where accounts come by OIDC."""

    @model_validator(mode="after")
    def _addresses(self) -> Self:
        for peer in self.peers:
            try:
                network = ip_network(peer)
            except ValueError:
                raise Contradiction("{peer} is no address", peer=peer) from None
            if network.prefixlen == 0:
                raise Contradiction("{peer} is everybody's address", peer=peer)
        return self

    def trusts(self, address: str) -> bool:
        """Whether a request comes from the proxy."""
        try:
            asked = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(asked, "ipv4_mapped", None) or asked
        return any(mapped in ip_network(peer) for peer in self.peers)


class Given(Frozen):
    """A role, and who has it."""

    role: Role
    """What they are."""
    accounts: tuple[Word, ...] = ()
    """By account."""
    groups: tuple[Word, ...] = ()
    """By what the login says they are members of; only with OIDC."""
    trials: tuple[Word, ...] = ()
    """Ids of the trials that a lead leads."""

    @model_validator(mode="after")
    def _to_somebody(self) -> Self:
        if not (self.accounts or self.groups):
            raise Contradiction("a role is given to accounts or to groups")
        if (self.role == "lead") != bool(self.trials):
            raise Contradiction("a lead has trials, and nobody else has")
        return self


class Roles(Frozen):
    """Who may do what. Mirrors `configs/roles.toml`; empty: only whoever sits at this computer."""

    oidc: Oidc | None = None
    """People log in; None: they do not."""
    proxy: Proxy | None = None
    """Requests come through a proxy; None: straight from the browser."""
    roles: tuple[Given, ...] = ()
    """Who has which role; an account may have several."""

    @model_validator(mode="after")
    def _one_way_to_know(self) -> Self:
        header = self.proxy.header if self.proxy else None
        if self.oidc and header:
            raise Contradiction("an account comes by oidc or by the proxy's header, not by both")
        if self.proxy and not (self.oidc or header):
            raise Contradiction("a proxy without a header needs oidc: nobody says who asks")
        if (self.oidc or self.proxy) and not self.roles:
            raise Contradiction("somebody must have a role, or nobody could see anything")
        if not self.oidc and any(given.groups for given in self.roles):
            raise Contradiction("groups are told by oidc only")
        return self

    def of(
        self, account: str, groups: Iterable[str] = ()
    ) -> tuple[tuple[Role, ...], tuple[str, ...]]:
        """The roles of an account, and the trials that it leads; small and capital letters are
        alike in accounts, as in addresses of mail, but not in groups."""
        theirs, known = frozenset(groups), _small(account)
        having = [
            given
            for given in self.roles
            if known in map(_small, given.accounts) or theirs & frozenset(given.groups)
        ]
        roles = tuple(sorted({given.role for given in having}))
        return roles, tuple(sorted({trial for given in having for trial in given.trials}))


def _small(account: str) -> bytes:
    """Only A-Z are made small: other letters must not become somebody else's."""
    return account.strip().encode().lower()

"""What happened during calls, as columns."""

from enum import IntEnum

from analyzer.frozen import frozen
from analyzer.tables.schema import Bool, Int8, Int16, Int32, Int64, Table, column


class EventKind(IntEnum):
    """Something that happened to a call between its first INVITE and its end."""

    CHALLENGED = 1
    """401 or 407: credentials were asked for, and the call was tried again."""
    REDIRECTED = 2
    """3xx: another address was named, and the call was tried again."""
    TIMER_RAISED = 3
    """422: a longer session interval was asked for (RFC 4028), and the call was tried again."""
    FORK_ENDED = 4
    """199: an early dialog is over (RFC 6228)."""
    ANSWERED_AGAIN = 5
    """A further 2xx with another To tag: another branch of a fork answered too."""
    HELD = 6
    RESUMED = 7
    CODECS_CHANGED = 8
    MEDIA_MOVED = 9
    """Media goes to another address or port."""
    REFRESHED = 10
    """A re-INVITE or UPDATE that changed nothing."""
    CHANGE_REFUSED = 11
    """A re-INVITE or UPDATE got a final response that is no 2xx; the call goes on."""
    GLARE = 12
    """491: both sides wanted a change at one time (RFC 3261 §14.1)."""
    NOT_REFRESHED = 13
    """The session interval passed without a refresh (RFC 4028)."""
    CANCEL_CROSSED = 14
    """The caller gave up, but another final response than 487 decided (RFC 3261 §9.1)."""


class TransferState(IntEnum):
    """How a transfer went, by the answer to REFER and its NOTIFYs (RFC 3515)."""

    INCOMPLETE = 1
    """The capture shows no answer to the REFER."""
    ACCEPTED = 2
    """2xx to the REFER; no NOTIFY says how it ended."""
    SUCCEEDED = 3
    """A NOTIFY says 2xx."""
    REFUSED = 4
    """The REFER was refused, or a NOTIFY says 603: who was to be called declined."""
    FAILED = 5
    """A NOTIFY says another final status."""


class CallEventTable(Table):
    """One row per event of a call, in the order of the timeline, hops and copies counted once."""

    call_row: Int32 = column("Row in CallTable.")
    kind: Int8 = column("EventKind.")
    party: Int8 = column("Party that asked for it; 0 unknown.")
    message_row: Int32 = column("The message that shows it, in MessageTable.")
    status: Int16 = column("Status of the response that decided it; 0 none.")
    detail_sym: Int32 = column("Symbol in Trace.texts: what changed into what; 0 none.")


class TransferTable(Table):
    """One row per REFER inside a call, in the order of the timeline."""

    call_row: Int32 = column("Row in CallTable.")
    party: Int8 = column("Party that asked for the transfer.")
    refer_row: Int32 = column("The REFER request, in MessageTable.")
    attended: Bool = column("Refer-To names a dialog to replace (RFC 3891).")
    target_sym: Int32 = column("Symbol in Trace.texts: URI of Refer-To; 0 unreadable.")
    state: Int8 = column("TransferState.")
    status: Int16 = column(
        "Final status that a NOTIFY reports, else that of the REFER when it was refused; 0 none."
    )
    new_call_row: Int32 = column("Row in CallTable of the call it led to; -1 not in the capture.")


class StoryTable(Table):
    """One row per call, beside CallTable: what its events add up to."""

    held_ns: Int64 = column("Time on hold by either side; -1 never.")
    session_expires_s: Int64 = column("Session-Expires of the answer (RFC 4028); -1 none.")
    session_refreshes: Int32 = column("Re-INVITEs and UPDATEs that changed nothing.")
    transfer_row: Int32 = column("Last row in TransferTable; -1 none.")


@frozen
class Stories:
    """What happened during the calls of a trace."""

    events: CallEventTable
    transfers: TransferTable
    calls: StoryTable


def no_stories() -> Stories:
    """Return the stories of no calls."""
    return Stories(CallEventTable.zeros(0), TransferTable.zeros(0), StoryTable.zeros(0))

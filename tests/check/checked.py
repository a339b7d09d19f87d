"""A dialogue and a policy → what the check says of it."""

from pathlib import Path

from analyzer.check.model import CheckReport, Recording, Verdict
from analyzer.check.policy import Policy
from analyzer.check.read_policy import read_policy
from analyzer.check.recordings import check_trace
from analyzer.pipeline import open_trace
from analyzer.settings import Settings

ANSWERED = """
    -> INVITE sip:bob@example.com SIP/2.0
    +0.1s <- SIP/2.0 180 Ringing
    +2s <- SIP/2.0 200 OK
    -> ACK sip:bob@example.com SIP/2.0
    +5s -> BYE sip:bob@example.com SIP/2.0
    <- SIP/2.0 200 OK
"""
DECLINED = """
    -> INVITE sip:bob@example.com SIP/2.0
    +0.03s <- SIP/2.0 603 Decline
    -> ACK sip:bob@example.com SIP/2.0
"""
HOSTILE = """
    -> INVITE sip:bob@example.com SIP/2.0
       From: "::error::forged ##[error]forged <b>]]>&" <sip:%0a::error@example.com>;tag=1
    +0.03s <- SIP/2.0 603 Decline
       Server: ##vso[task.setvariable] | `x` <script>
       Reason: SIP;cause=603;text="::error file=x::forged\x1b[31m ##[error] </failure> | ![x](y)"
    -> ACK sip:bob@example.com SIP/2.0
"""


def policy_of(folder: Path, text: str) -> Policy:
    """Read a policy from text."""
    path = folder / "sipwhy.yml"
    path.write_text(text, encoding="utf-8")
    return read_policy(path)


def check(path: Path, policy: Policy | None = None, language: str = "en") -> Recording:
    """Check one capture."""
    policy = policy or Policy()
    settings = Settings(language=language, rules=policy.rules)
    with open_trace([str(path)], settings) as trace:
        return check_trace(trace, str(path), policy, "", language)


def verdict_on(path: Path, folder: Path, expectation: str) -> Verdict:
    """Judge one expectation, written as one line of YAML after its name."""
    policy = policy_of(folder, f"expectations:\n  - {{name: expected, {expectation}}}\n")
    (verdict,) = check(path, policy).verdicts
    return verdict


def report_of(*recordings: Recording) -> CheckReport:
    """Put recordings together."""
    return CheckReport(recordings, (), "sipwhy.yml", "")

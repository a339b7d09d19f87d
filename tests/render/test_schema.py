"""The printed schema is one, and says what the contract of the output says."""

import json

import pytest
from jsonschema import Draft202012Validator, ValidationError

from analyzer.render.schema import schema, schema_text

# The keys of the output as its contract lists them; keys of features that are not built yet
# (TCP streams, TLS) are in neither.
CONTRACT = {
    "report": """schema version captures counts coverage transactions calls subscriptions
        registrations findings messages anomalies statistics""",
    "capture": "path format compression link_types packets bytes first_ns last_ns complete",
    "counts": """packets sip_messages requests responses transactions calls subscriptions
        registrations findings retransmissions duplicates""",
    "coverage": """packets sip media other not_understood truncated tls_connections stream_gaps
        limits_hit responses_without_request requests_without_response""",
    "transaction": """id method cseq call_id branch from_tag to_tag transport client server
        request_frame request_ns request_uri in_dialog provisional final_status final_reason
        final_frame final_ns ack_frame response_delay_ms retransmissions duplicates state complete
        call subscription registration findings""",
    "message": """id frame frames time_ns transport source destination method status reason cseq
        call_id branch from_tag to_tag content_length content_type transaction retransmission_of
        copy_of anomalies""",
    "call": """id call_ids joined_by caller callee start_ns end_ns outcome final_status final_reason
        answered_by ended_by end_reason post_dial_delay_ms ring_ms setup_ms talk_ms
        session_request_delay_ms session_disconnect_delay_ms early_media_ms held_ms
        session_expires_s attempts forks answers hops path first_final_from changed_on_the_way
        codecs media streams rtcp silent user_agents events transfers replaces replaced_by joins
        transactions findings
        summary""",
    "registration": """id address_of_record call_ids contacts registrar start_ns end_ns state
        final_status expires_s expired attempts challenges registration_request_delay_ms refreshes
        transactions findings summary""",
    "subscription": """id call_id event subscriber notifier start_ns end_ns refreshes notifies
        expires_s expired last_etag etag_changes state state_changes termination_reason forks
        suppressed transactions findings summary""",
    "finding": """id rule name case notes severity scope transaction call subscription registration
        call_id frame time_ns status method title meaning message likely next_steps references
        evidence answered_by relayed""",
    "anomaly": "kind severity count first_frame frames detail",
    "header": "schema version",
}


@pytest.mark.parametrize("kind", CONTRACT)
def test_keys_are_those_of_the_contract(kind: str) -> None:
    """Each object has exactly the documented keys, and all but `messages` are always there."""
    described = json.loads(schema_text())["$defs"][kind]
    assert list(described["properties"]) == CONTRACT[kind].split()
    optional = {"messages"} if kind == "report" else set()
    assert set(described["required"]) == set(described["properties"]) - optional


def test_schema_is_a_schema() -> None:
    """What is printed is valid JSON Schema 2020-12, and every reference in it leads somewhere."""
    printed = schema_text()
    assert printed.endswith("}\n")
    read = json.loads(printed)
    assert read == schema()
    Draft202012Validator.check_schema(read)
    for piece in printed.split('"$ref": "')[1:]:
        name = piece.partition('"')[0].removeprefix("#/$defs/")
        assert name in read["$defs"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "nothing"},
        {"type": "header", "schema": "sipwhy/0", "version": "1"},
        {"type": "header", "schema": "sipwhy/1"},
        {"type": "anomaly", "kind": "x", "severity": "bad", "count": 1, "first_frame": None,
         "frames": [], "detail": None},
        {"type": "anomaly", "kind": "x", "severity": "info", "count": 1, "first_frame": [0, 0],
         "frames": [], "detail": None},
        {"schema": "sipwhy/1"},
    ],
)  # fmt: skip
def test_wrong_output_is_refused(wrong: dict[str, object]) -> None:
    """A line or object with a missing key or a wrong value is not valid."""
    with pytest.raises(ValidationError):
        Draft202012Validator(schema()).validate(wrong)


def test_keys_may_be_added() -> None:
    """A reader that holds this schema accepts the output of a later version with more keys."""
    line = {"type": "header", "schema": "sipwhy/1", "version": "9", "later": 1}
    Draft202012Validator(schema()).validate(line)

"""Our log records have the request's id, and fields beside their text; the host's have neither."""

import ast
import json
import logging
import re
import subprocess
import sys

import pytest

from lean_flask.common.logs import FIELDS, PREFIX, get_logger, log_fields
from lean_flask.testing import faults
from support.paths import ROOT


def records(caplog, text):
    return [record for record in caplog.records if text in record.getMessage()]


def refuse(client, **headers):
    return client.post("/lean/launch", json={"flow": "forged"}, headers=headers)


def test_a_record_has_the_id_that_the_proxy_gave(client, caplog):
    refuse(client, **{"X-Request-ID": "proxy-4711.a"})
    [record] = records(caplog, "Refused lean.launch")
    assert record.request_id == "proxy-4711.a"
    assert record.lean_endpoint == "lean.launch"
    assert record.lean_reason == "invalid_flow"


@pytest.mark.parametrize("evil", ["a b", "a\tforged", "<script>", "x" * 129, "", "é", '"'])
def test_an_id_that_could_forge_a_line_is_replaced(client, caplog, evil):
    refuse(client, **{"X-Request-ID": evil})
    [record] = records(caplog, "Refused lean.launch")
    assert re.fullmatch("[0-9a-f]{32}", record.request_id)


def test_each_request_has_its_own(client, caplog):
    refuse(client)
    refuse(client)
    first, second = records(caplog, "Refused lean.launch")
    assert first.request_id != second.request_id


def test_the_id_goes_along_into_the_threads_that_work_for_the_request(client, fake_lean, caplog):
    fake_lean.fault("banks", faults.Status(503))
    client.get("/lean/banks", headers={"X-Request-ID": "who-waits"})
    [record] = records(caplog, "Refreshing the bank list PERSONAL failed")
    assert record.request_id == "who-waits"
    assert record.threadName == "lean-flask-refresh"
    assert record.lean_account_type == "PERSONAL"
    assert record.lean_status == 503
    assert record.lean_operation == "bank list"


def test_after_the_request_the_thread_has_no_id(client, caplog):
    refuse(client)
    get_logger("lean_flask.test").warning("Nobody asks")
    assert records(caplog, "Nobody asks")[0].request_id == "-"


def test_records_of_the_host_are_left_alone(app, client, caplog):
    @app.before_request
    def log():
        logging.getLogger("shop").warning("a line of the host")

    refuse(client)
    [record] = records(caplog, "a line of the host")
    assert not [name for name in vars(record) if name.startswith(PREFIX) or name == "request_id"]
    assert logging.getLogRecordFactory() is logging.LogRecord


def test_a_host_that_gives_ids_and_fields_of_its_own_is_not_in_the_way(client, caplog):
    """A record factory that sets what an extra has, too, makes logging raise KeyError."""

    def factory(*arguments, **options):
        record = logging.LogRecord(*arguments, **options)
        record.request_id = "the host's"
        for name in FIELDS:
            setattr(record, name, "the host's")
        return record

    logging.setLogRecordFactory(factory)
    try:
        refuse(client)
    finally:
        logging.setLogRecordFactory(logging.LogRecord)
    [record] = records(caplog, "Refused lean.launch")
    assert record.request_id == record.reason == "the host's"
    assert record.lean_reason == "invalid_flow"


def test_a_long_field_is_cut():
    assert log_fields(event="x" * 1000, bank=None) == {"lean_event": "x" * 200}


def field_names():
    """The names in each call of log_fields()."""
    for path in (ROOT / "lean_flask").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "log_fields":
                yield from (keyword.arg for keyword in node.keywords)


def test_every_field_that_is_used_is_listed_and_the_other_way_round():
    of_errors = {"operation", "status", "code", "correlation_id"}
    assert {*field_names()} | of_errors == {*FIELDS}


def test_every_logger_of_ours_gives_the_id():
    """All modules below lean_flask, but the stand-in, use get_logger."""
    wrong = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "lean_flask").rglob("*.py")
        if "testing" not in path.parts
        and path.name != "logs.py"
        and re.search(r"^log = logging\.getLogger", path.read_text("utf-8"), re.M)
    ]
    assert wrong == []


SCRIPT = """
import logging, logging.config, sys
sys.path.insert(0, "deploy")
from logging_config import logging_config
logging.config.dictConfig(logging_config(as_json=sys.argv[1] == "json"))
from lean_flask.common.logs import get_logger, log_fields
from lean_flask.common.request_id import RequestId, current_request_id
current_request_id.set(RequestId("r-1"))
try:
    1 / 0
except ZeroDivisionError:
    log = get_logger("lean_flask.web")
    log.info("Flow %s\\nclosed", "f", extra=log_fields(flow="f"), exc_info=True)
logging.getLogger("httpx").info("HTTP Request: GET https://lean.example/customers/c-1")
logging.getLogger("shop").info("of the host", extra={"level": "high"}, stack_info=True)
"""


def output(form):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, form], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stderr.splitlines()


def test_the_logging_config_of_deploy_writes_json_lines():
    ours, hosts = map(json.loads, output("json"))
    assert ours["level"] == "INFO"
    assert ours["message"] == "Flow f\nclosed"
    assert ours["logger"] == "lean_flask.web"
    assert (ours["request_id"], ours["lean_flow"]) == ("r-1", "f")
    assert "ZeroDivisionError" in ours["exception"]
    assert ours["time"].endswith("Z")
    assert hosts["message"] == "of the host"
    assert "request_id" not in hosts
    assert hosts["level"] == "INFO"
    assert hosts["stack"].startswith("Stack")


def test_the_logging_config_of_deploy_writes_text_and_no_urls_of_httpx():
    lines = output("text")
    assert "INFO lean_flask.web [r-1] Flow f" in lines[0]
    assert any("INFO shop [-] of the host" in line for line in lines)
    assert [line for line in lines if "httpx" in line] == []

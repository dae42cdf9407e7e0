import re

import pytest
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema

from consultation.api import urls
from tests.contract.calls import visitor

pytestmark = pytest.mark.django_db

UNDOCUMENTED = {"schema", "docs", "digest-schema", "nowhere"}


@pytest.fixture
def schema():
    return visitor().get("schema/").json()


def test_it_is_valid_openapi_3_1(schema):
    assert schema["openapi"] == "3.1.1"
    validate_schema(schema)


def test_it_names_every_address(schema):
    get_resolver()
    addresses = {
        "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(each.pattern))
        for each in urls.urlpatterns
        if each.name not in UNDOCUMENTED
    }
    assert set(schema["paths"]) == addresses


def test_every_address_answers_the_methods_it_names_and_no_other(schema):
    methods = {"get", "put", "post", "patch", "delete"}
    for path, operations in schema["paths"].items():
        view = next(
            each.callback.cls
            for each in urls.urlpatterns
            if "/api/v1/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(each.pattern)) == path
        )
        assert {each for each in methods if hasattr(view, each)} == set(operations)


def test_operations_have_names_of_their_own_a_sentence_and_the_common_problems(schema):
    operations = [each for path in schema["paths"].values() for each in path.values()]
    names = [each["operationId"] for each in operations]
    assert len(set(names)) == len(names)
    for each in operations:
        assert each["description"].endswith(".")
        assert "application/problem+json" in each["responses"]["default"]["content"]


def test_every_post_takes_a_key_and_every_change_of_one_thing_a_condition(schema):
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            headers = {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
            assert ("Idempotency-Key" in headers) == (method == "post"), path
            assert ("If-None-Match" in headers) == (method == "get"), path
            assert ("If-Match" in headers) <= (method != "get"), path
            if method in ("patch", "delete"):
                assert "If-Match" in headers


def test_reading_what_is_public_needs_no_token_and_writing_does(schema):
    assert {} in schema["paths"]["/api/v1/consultations/"]["get"]["security"]
    comments = schema["paths"]["/api/v1/consultations/{slug}/comments/"]
    assert {} in comments["get"]["security"]
    assert comments["post"]["security"] == [{"token": []}, {"cookieAuth": []}]


def test_the_documentation_names_no_foreign_address_and_has_nothing_inline():
    answer = visitor().get("docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"https?://", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", page)
    assert 'data-schema="/api/v1/schema/"' in page

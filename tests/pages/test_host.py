import pytest


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_answered_with_400_and_a_sentence(client):
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "elsewhere.example" not in answer.content.decode()

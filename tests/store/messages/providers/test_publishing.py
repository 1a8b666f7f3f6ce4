"""Pictures in an S3 bucket, against a stand-in that looks at every signature by Amazon's own rules
(docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest

from store.messages.providers import NotPublished, Picture, Publish, publishing
from tests.store.messages.providers import loopback
from tests.store.messages.providers.loopback import DROPPED, Answer, Asked, Loopback

KEY, SECRET, REGION = "AKIDEXAMPLE", "do0not1show2this3", "eu-south-2"
PICTURE = Picture("kitchen.jpg", "image/jpeg", b"\xff\xd8 a kitchen")


class Bucket(Loopback):
    """A private bucket named "pictures"."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, tuple[str, bytes]] = {}

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "PUT":
            if f"Credential={KEY}/" not in asked.headers.get("Authorization", ""):
                return Answer(403, b"<Error><Code>AccessDenied</Code></Error>")
            self.kept[asked.path] = asked.headers["Content-Type"], asked.body
            return Answer(200, b"", {"ETag": '"1"'})
        if not self._may_read(asked):
            return Answer(403)
        kind, content = self.kept[asked.path]
        return Answer(200, content, {"Content-Type": kind})

    def _may_read(self, asked: Asked) -> bool:
        query = dict(asked.query)
        signature = query.pop("X-Amz-Signature", "")
        stamp = query.get("X-Amz-Date", "")
        if not (signature and stamp):
            return False
        made = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if made + timedelta(seconds=int(query["X-Amz-Expires"])) < datetime.now(UTC):
            return False
        scope = f"{stamp[:8]}/{REGION}/s3/aws4_request"
        pairs = "&".join(f"{quote(name, safe='')}={quote(query[name], safe='')}" for name in sorted(query))
        host = urlsplit(self.url).netloc
        canonical = f"GET\n{asked.path}\n{pairs}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD"
        signed = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
        key = f"AWS4{SECRET}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.compare_digest(signature, hmac.digest(key, signed.encode(), "sha256").hex())


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    bucket = Bucket()
    with loopback.running(bucket):
        yield bucket


def publish(bucket: Bucket, **changed: str) -> Publish:
    options = {
        "s3_bucket": "pictures",
        "s3_region": REGION,
        "s3_endpoint": bucket.url,
        "s3_key_id": KEY,
        "s3_secret": SECRET,
    }
    made = publishing.connect(options | changed)
    assert made
    return made


def test_a_picture_can_be_fetched_by_its_link_alone(bucket: Bucket) -> None:
    link = publish(bucket)(PICTURE)
    with urlopen(link) as answer:
        assert (answer.headers["Content-Type"], answer.read()) == ("image/jpeg", PICTURE.content)
    assert SECRET not in link
    assert "kitchen" not in link


def test_a_link_lasts_as_long_as_a_text_may_wait(bucket: Bucket) -> None:
    link = publish(bucket)(PICTURE)
    (seconds,) = (part for part in urlsplit(link).query.split("&") if part.startswith("X-Amz-Expires="))
    assert 10 * 3600 < int(seconds.partition("=")[2]) <= 7 * 24 * 3600


@pytest.mark.parametrize(
    "forged",
    [
        lambda link: link.partition("?")[0],
        lambda link: link.replace("X-Amz-Expires=", "X-Amz-Expires=9"),
        lambda link: link.replace("/textmeter/", "/textmeter2/"),
    ],
)
def test_nobody_else_can_read_it(bucket: Bucket, forged: object) -> None:
    link = publish(bucket)(PICTURE)
    assert callable(forged)
    with pytest.raises(OSError, match="403"):
        urlopen(forged(link))


def test_a_picture_is_put_there_once_for_all_whom_it_goes_to(bucket: Bucket) -> None:
    put = publish(bucket)
    assert put(PICTURE) == put(PICTURE._replace(name="again.jpg"))
    other = put(Picture("bath.png", "image/png", b"a bath"))
    assert bucket.count("PUT") == 2
    assert other != put(PICTURE)


@pytest.mark.parametrize(
    ("fault", "lasting"),
    [
        (Answer(403, b"<Error><Code>AccessDenied</Code></Error>"), True),
        (Answer(404, b"<Error><Code>NoSuchBucket</Code></Error>"), True),
        (Answer(500), False),
        (Answer(503), False),
        (DROPPED, False),
    ],
)
def test_trouble_is_told_and_whether_it_lasts(bucket: Bucket, fault: str | Answer, lasting: bool) -> None:
    put = publish(bucket)
    bucket.fault = fault
    with pytest.raises(NotPublished) as raised:
        put(PICTURE)
    assert raised.value.lasting is lasting
    assert raised.value.__context__ is None
    assert len(bucket.asked) == 1
    with urlopen(put(PICTURE)) as answer:
        assert answer.read() == PICTURE.content


def test_where_nobody_is_there_it_may_be_tried_again(bucket: Bucket) -> None:
    put = publish(bucket, s3_endpoint="http://127.0.0.1:9")
    with pytest.raises(NotPublished) as raised:
        put(PICTURE)
    assert not raised.value.lasting


def test_without_a_bucket_there_is_no_way() -> None:
    assert publishing.connect({"s3_bucket": ""}) is None

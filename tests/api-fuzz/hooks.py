"""Puts ids of things that exist into requests, and checks what is particular to this API."""

import json
import os
import re
import zlib

import schemathesis
from schemathesis.generation import GenerationMode

ROWS = json.loads(os.environ["FUZZ_ROWS"])
ID = re.compile(r"^[a-z]{3}_([0-9A-Z]{26}|[0-9]{12,19})$")
# Nobody listens there: an agent that is tried must not call strangers.
DEAF_MODEL = "http://127.0.0.1:9/v1"
# Which phones there are no document can foretell, and what follows is to be reached.
PHONE = re.compile(r"^(\+|00)?[ ()./-]*[0-9]([ ()./-]*[0-9]){5,17}[ ()./-]*$")
A_PHONE = "+15550002222"
SOUND_URL = "https://example.com/a.png"
# A 422 to a request that the document allows, because of what is stored and not of what was sent.
STATE_CODES = {"no_waba_id", "no_access_token", "no_display_phone_number", "api_key_needed", "unreadable_file", "window_closed", "opted_out", "blocked"}
# A 422 because fields that the document allows alone do not go together.
RULE_CODES = {"one_way_in"}
# The same of what is asked for in the address.
RULE_DETAILS = {"Give one of cursor, after and around."}
QUERY_WORDS = re.compile("^must (be [0-9]+ days before to at the most|not be after to|be quarters of an hour)")
STATE_WORDS = re.compile("^there is no such ")
# Rules of a message's content between several fields, which no schema can state.
RULE_WORDS = re.compile(
    "^(must (have either|differ from|count the cards|be of the same kind|be one emoji|have one more part|fill|be that of)"
    "|must have [0-9]+ (rows|products|line breaks)|must be [a-z_]+( for a button|: so is)|must say when"
    "|is needed where|belongs to|is a second|is not ready|is a file of|fills a button|has the status)"
)

# The same of a template's definition: what its parts, its category and the variables in its words say of each other.
TEMPLATE_WORDS = re.compile(
    "^(must be from -?[0-9]+ to [0-9]+ for this category|there is a [A-Z_]+ already$|there may be [0-9]+ of type"
    "|must hold (a BODY|the handle of a sample|an example)|must say something$|must have [0-9]+ characters at the most beside"
    "|must have the same components|must not begin or end with a variable|must have words between two variables"
    "|may have (no variables|one variable)|has a {{ without|has too many variables|needs an example|the variable "
    "|its variables must|(GIF )?is for templates of|a template with LIMITED_TIME_OFFER|stands with a BODY alone"
    "|an AUTHENTICATION template|Meta writes the text|OTP is the button|quick replies must|name the flow)"
)


def existing(operation, name, made_up):
    """One in four made-up ids stays, so that what is not there is asked for as well."""
    pick = zlib.crc32(str(made_up).encode())
    rows = ROWS["spare"].get(name, []) if operation.method == "delete" else ROWS["there"].get(name, [])
    return rows[pick // 4 % len(rows)] if rows and pick % 4 else made_up


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    for name, value in (path_parameters or {}).items():
        if name == "version" and isinstance(value, int) or isinstance(value, str) and ID.match(value):
            path_parameters[name] = existing(context.operation, name, value)
    return path_parameters


@schemathesis.hook
def map_query(context, query):
    for name, value in (query or {}).items():
        if isinstance(value, str) and ID.match(value):
            query[name] = existing(context.operation, name, value)
    return query


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        for name, value in body.items():
            if isinstance(value, str) and ID.match(value):
                body[name] = existing(context.operation, name.removeprefix("default_"), value)
        if isinstance(body.get("to"), str) and PHONE.match(body["to"]):
            body["to"] = A_PHONE
        if "content" in body:
            body["content"] = with_sound_links(body["content"])
        model = body.get("model")
        if isinstance(model, dict) and isinstance(model.get("base_url"), str) and is_plain_url(model["base_url"]):
            model["base_url"] = DEAF_MODEL
    return body


@schemathesis.hook
def before_call(context, case, kwargs):
    """What the run stands on stays, above all the key it shows; what it made itself may go."""
    if case.method.upper() == "DELETE":
        for name, value in (case.path_parameters or {}).items():
            if value in ROWS["there"].get(name, []):
                case.path_parameters[name] = value[:-4] + "0000"


def is_rule(error):
    if error["field"].startswith("content."):
        return RULE_WORDS.match(error["message"])
    if error["field"] in ("from", "utc_offset_minutes"):
        return QUERY_WORDS.match(error["message"])
    of_template = error["field"].startswith("components") or error["field"] == "message_send_ttl_seconds"
    return of_template and TEMPLATE_WORDS.match(error["message"])


def with_sound_links(value):
    """A pattern cannot say all of what makes a URL."""
    if isinstance(value, dict):
        sound = lambda name, item: name in ("link", "url") and isinstance(item, str) and is_plain_url(item)
        return {name: SOUND_URL if sound(name, item) else with_sound_links(item) for name, item in value.items()}
    return [with_sound_links(item) for item in value] if isinstance(value, list) else value


def is_plain_url(text):
    return re.match(r"^https?://[^\s]*$", text) is not None


@schemathesis.check
def a_refusal_is_a_problem(ctx, response, case):
    """RFC 9457 with a stable code, whoever refuses: handler, parser or router."""
    if response.status_code < 400:
        return
    kind = (response.headers.get("content-type") or [""])[0]
    assert kind.startswith("application/problem+json"), f"{response.status_code} as {kind!r}"
    problem = response.json()
    assert problem["status"] == response.status_code, "the problem names another status"
    for name in ("type", "title", "code", "detail"):
        assert isinstance(problem.get(name), str) and problem[name], f"the problem lacks {name}"


@schemathesis.check
def what_the_document_allows_is_taken(ctx, response, case):
    """A valid request is refused only for what is stored, never for how it looks."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if response.status_code not in (400, 411, 413, 415, 422):
        return
    problem = response.json()
    if problem.get("code") in STATE_CODES | RULE_CODES or problem.get("detail") in RULE_DETAILS:
        return
    errors = problem.get("errors") or []
    if errors and all(is_rule(error) or STATE_WORDS.match(error["message"]) for error in errors):
        return
    raise AssertionError(f"valid by the document, refused with {response.status_code}: {problem.get('detail')} {errors}")

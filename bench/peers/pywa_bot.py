"""A small bot on pywa, with uvicorn."""

import asyncio
import os

import fastapi
import httpx
import uvicorn
from pywa_async import WhatsApp, filters, types

KEPT = 10
histories: dict[str, list[dict]] = {}
app = fastapi.FastAPI()
model = httpx.AsyncClient(base_url=os.environ["MODEL_URL"], timeout=60, limits=httpx.Limits(max_connections=100))
whatsapp = WhatsApp(
    phone_id=os.environ["PHONE_NUMBER_ID"],
    token="token",
    server=app,
    webhook_endpoint="/webhook",
    verify_token="verify",
    app_secret=os.environ["APP_SECRET"],
    session=httpx.AsyncClient(timeout=60),
)
whatsapp.api._session.base_url = os.environ["GRAPH_URL"] + "/v23.0"


@app.get("/")
def ready():
    return "ready"


async def think(customer: str, text: str) -> str:
    history = histories.setdefault(customer, [])
    history.append({"role": "user", "content": text})
    system = {"role": "system", "content": "You are the assistant of a bakery."}
    answer = await model.post("/chat/completions", json={"model": "bench", "messages": [system, *history[-KEPT:]]})
    reply = answer.json()["choices"][0]["message"]["content"]
    history.append({"role": "assistant", "content": reply})
    del history[:-KEPT]
    return reply


async def mark(message: types.Message):
    try:
        await message.mark_as_read()
    except Exception:
        pass


@whatsapp.on_message(filters.text)
async def answer(_: WhatsApp, message: types.Message):
    marking = asyncio.create_task(mark(message))
    customer = message.from_user.wa_id
    await whatsapp.send_message(to="+" + customer, text=await think(customer, message.text))
    await marking


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="critical", timeout_keep_alive=60)

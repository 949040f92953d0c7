"""The peer of bench/serve.py: a remote reward as one writes it beside OpenRLHF, on FastAPI and uvicorn.

    python3 fastapi_server.py PORT length|math

`length` rewards a response with its number of characters. `math` calls math_verify as TRL's accuracy reward does: the reference and
the response parsed, then compared; its time limits work with signals, so it runs on the event loop's thread.
"""
import sys

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

app = FastAPI()


def length(query, prompt, label):
    return float(len(query) - len(prompt))


def math(query, prompt, label):
    from math_verify import parse, verify

    return 1.0 if verify(parse(label), parse(query[len(prompt):])) else 0.0


reward = {"length": length, "math": math}[sys.argv[2]]


@app.post("/get_reward")
async def get_reward(request: Request):
    data = await request.json()
    rewards = [
        reward(query, prompt, label) for query, prompt, label in zip(data["query"], data["prompts"], data["labels"])
    ]
    return JSONResponse({"rewards": rewards, "scores": rewards, "extra_logs": {sys.argv[2]: rewards}})


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)

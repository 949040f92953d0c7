"""eval-protocol: RewardFunction in its remote mode."""

from outside import load, without


class Result:
    def __init__(self, **fields):
        self.__dict__.update(fields)


class Metric(Result):
    """With the bounds that its own class has."""

    def __init__(self, score, reason, is_score_valid):
        if not 0 <= score <= 1 or not isinstance(reason, str):
            raise ValueError(f"a metric of {score!r}, {reason!r}")
        super().__init__(score=score, reason=reason, is_score_valid=is_score_valid)


def run(url, checkout, check):
    with without("eval_protocol"):
        client = load(checkout / "eval_protocol/reward_function.py", "eval_protocol.reward_function")
    client.EvaluateResult, client.MetricResult = Result, Metric
    messages = [{"role": "user", "content": "1 + 1?"}, {"role": "assistant", "content": "It is 2."}]
    for path in ("/evaluate", "/reward"):
        ask = client.RewardFunction(mode="remote", endpoint=url + path)
        result = ask(messages, ground_truth="2", level=1)
        check(isinstance(result.score, float), f"{path} gives a score", result.score)
        check(all(metric.is_score_valid for metric in result.metrics.values()), "and metrics in their bounds", result.metrics)
        try:
            ask(messages[:1])
            check(False, "a dialogue without a response is refused", "it was scored")
        except Exception as e:
            check("422" in str(e), "a dialogue without a response is refused", e)
    check.differs("this client drops is_score_valid: behind /reward an unscored sample fails the request")

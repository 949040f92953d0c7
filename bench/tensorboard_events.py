"""Judges our TensorBoard files by TensorBoard's own code (pip install tensorboard).

  python bench/tensorboard_events.py write        the bytes that EventFileTest expects, in hexadecimal
  python bench/tensorboard_events.py read FOLDER  what TensorBoard makes of a run folder, as JSON
"""
import json
import struct
import sys

from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

WALL = 1700000000.25


def frame(event):
    data = event.SerializeToString(deterministic=True)
    length = struct.pack("<Q", len(data))
    return (length + struct.pack("<I", masked_crc32c(length))
            + data + struct.pack("<I", masked_crc32c(data)))


def write():
    value = summary_pb2.Summary.Value
    text = value(
        tag="sample",
        tensor=tensor_pb2.TensorProto(
            dtype=types_pb2.DT_STRING,
            tensor_shape=tensor_shape_pb2.TensorShapeProto(
                dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)]),
            string_val=["Grüße, *you*".encode()]),
        metadata=summary_pb2.SummaryMetadata(
            plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="text")))
    histogram = value(
        tag="rewards",
        histo=summary_pb2.HistogramProto(
            min=1, max=31, num=4, sum=65.5, sum_squares=1929.25,
            bucket_limit=[1 - (i + 1) / 30 + 31 * ((i + 1) / 30) for i in range(29)] + [31],
            bucket=[1, 1] + [0] * 27 + [2]))
    events = [
        event_pb2.Event(wall_time=WALL, file_version="brain.Event:2"),
        event_pb2.Event(wall_time=WALL, step=301,
                        session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START)),
        event_pb2.Event(wall_time=WALL, step=301, summary=summary_pb2.Summary(value=[
            value(tag="loss", simple_value=0.1),
            value(tag="eval/accuracy", simple_value=float("nan"))])),
        event_pb2.Event(wall_time=WALL, step=302, summary=summary_pb2.Summary(value=[text])),
        event_pb2.Event(wall_time=WALL, step=303, summary=summary_pb2.Summary(value=[histogram])),
    ]
    for event in events:
        print(frame(event).hex())


def read(folder):
    run = event_accumulator.EventAccumulator(
        folder, size_guidance={event_accumulator.SCALARS: 0, event_accumulator.TENSORS: 0})
    run.Reload()
    tags = run.Tags()
    print(json.dumps({
        "scalars": {t: [(e.step, e.value) for e in run.Scalars(t)] for t in tags["scalars"]},
        "texts": {t: [(e.step, e.tensor_proto.string_val[0].decode()) for e in run.Tensors(t)]
                  for t in tags["tensors"]},
        "histograms": {t: [(e.step, list(e.histogram_value.bucket)) for e in run.Histograms(t)]
                       for t in tags["histograms"]}}))


if __name__ == "__main__":
    write() if sys.argv[1:] == ["write"] else read(sys.argv[2])

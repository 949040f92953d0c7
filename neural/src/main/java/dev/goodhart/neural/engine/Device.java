package dev.goodhart.neural.engine;

import dev.goodhart.GoodhartException;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Where tensors live and the models compute: {@code cpu}, {@code cuda} or {@code cuda:1}.
 *
 * @param index of the GPU, from 0; -1 for the CPU
 */
public record Device(int index) {
  public static final Device CPU = new Device(-1);

  public Device {
    if (index < -1) {
      throw new IllegalArgumentException("a device's index must be at least 0, not " + index);
    }
  }

  /**
   * Reads what {@code --device} says; {@code auto} is a GPU where there is one.
   *
   * @throws GoodhartException if there is no such device here, saying what to do
   */
  public static Device of(String name) {
    if (name.equals("cpu")) return CPU;
    if (!name.matches("auto|cuda(:\\d{1,3})?")) {
      throw new GoodhartException("device " + name + ": expected cpu, cuda, cuda:N or auto");
    }
    Torch.load();
    boolean gpu = torch.hasCUDA() && torch.cuda_is_available();
    if (name.equals("auto")) return gpu ? new Device(0) : CPU;
    if (!gpu) {
      throw new GoodhartException(
          "device "
              + name
              + ": this build of libtorch finds no GPU; build with -Pgpu on a machine with an"
              + " NVIDIA driver, or use --device cpu");
    }
    int index = name.equals("cuda") ? 0 : Integer.parseInt(name.substring(5));
    if (index >= torch.cuda_device_count()) {
      throw new GoodhartException(
          "device " + name + ": there are " + torch.cuda_device_count() + " GPUs, from cuda:0");
    }
    return new Device(index);
  }

  /** Where a tensor lives. */
  public static Device of(Tensor tensor) {
    return tensor.is_cuda() ? new Device(tensor.device().index()) : CPU;
  }

  public boolean isGpu() {
    return index >= 0;
  }

  /** The type to compute in: bfloat16 on a GPU, 32-bit floats on a CPU. */
  public ScalarType computeType() {
    return isGpu() ? ScalarType.BFloat16 : ScalarType.Float;
  }

  /** The same tensor here; itself if it is here already. */
  public Tensor move(Tensor tensor) {
    return isGpu() == tensor.is_cuda() && !isGpu() ? tensor : moved(tensor, tensor.scalar_type());
  }

  /** The same tensor here in another type; itself if it is both already. */
  public Tensor move(Tensor tensor, ScalarType type) {
    boolean here = !isGpu() && !tensor.is_cuda();
    return here && tensor.scalar_type().intern() == type ? tensor : moved(tensor, type);
  }

  private Tensor moved(Tensor tensor, ScalarType type) {
    return tensor.to(device(), type);
  }

  /** Whole numbers (token ids, positions), {@code [values.length]}. */
  public Tensor longs(long... values) {
    return move(Tensor.create(values));
  }

  /** Numbers in 32 bits, {@code [values.length]}. */
  public Tensor floats(float... values) {
    return move(Tensor.create(values));
  }

  /** Room for numbers that are not set yet. */
  public Tensor empty(ScalarType type, long... shape) {
    return torch.empty(shape, options(type), new MemoryFormatOptional());
  }

  /** All 0. */
  public Tensor zeros(ScalarType type, long... shape) {
    return torch.zeros(shape, options(type));
  }

  private TensorOptions options(ScalarType type) {
    return new TensorOptions(type).device(new DeviceOptional(device()));
  }

  org.bytedeco.pytorch.Device device() {
    return isGpu()
        ? new org.bytedeco.pytorch.Device(DeviceType.CUDA, (byte) index)
        : new org.bytedeco.pytorch.Device(DeviceType.CPU);
  }

  @Override
  public String toString() {
    return isGpu() ? "cuda:" + index : "cpu";
  }
}

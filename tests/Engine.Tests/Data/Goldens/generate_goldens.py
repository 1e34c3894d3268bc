"""Makes the files beside it: pictures as PIL writes them and what PIL and torchvision read from them.

  python3 generate_goldens.py      # Pillow 9.4, NumPy 1.24, torchvision 0.14 (Debian 12: python3-pil python3-numpy python3-torchvision)

*.rgb: bytes, HWC. *.f32: float32 little endian, CHW. The C# tests name sizes and settings; they need no Python.
"""
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps
from torchvision import transforms

W, H = 61, 47
y, x = np.mgrid[0:H, 0:W]
noise = np.random.RandomState(7).randint(-25, 26, (H, W, 3))
photo = np.stack([x * 4, y * 5, 128 + 100 * np.sin(x / 5.0) * np.cos(y / 4.0)], 2) + noise
photo = Image.fromarray(photo.clip(0, 255).astype(np.uint8))


def rgb(name, image):
    open(name + ".rgb", "wb").write(np.asarray(image.convert("RGB")).tobytes())


# Formats.
photo.save("photo.png")
photo.save("photo.bmp")
photo.save("photo.jpg", quality=85)
photo.save("photo.webp", quality=85)
rgb("photo", photo)
for extension in ("jpg", "webp"):
    rgb("photo." + extension, Image.open("photo." + extension))

# Modes.
alpha = photo.copy()
alpha.putalpha(Image.fromarray((x * 4).clip(0, 255).astype(np.uint8)))
alpha.save("alpha.png")
rgb("alpha.png", Image.open("alpha.png"))
photo.convert("L").save("grey.png")
rgb("grey.png", Image.open("grey.png"))
photo.convert("L").save("grey.jpg", quality=85)
rgb("grey.jpg", Image.open("grey.jpg"))
photo.quantize(32).save("palette.png", transparency=3)
rgb("palette.png", Image.open("palette.png"))
photo.convert("CMYK").save("cmyk.jpg", quality=95)
rgb("cmyk.jpg", Image.open("cmyk.jpg"))


def png16(name, samples):  # PIL cannot write 16 bits per sample of RGB
    h, w, channels = samples.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    header = struct.pack(">IIBBBBB", w, h, 16, 2 if channels == 3 else 0, 0, 0, 0)
    open(name, "wb").write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


deep = np.asarray(photo).astype(np.uint16) * 257
png16("rgb16.png", deep)
png16("grey16.png", deep[:, :, :1])

# EXIF orientation 1 to 8.
small = photo.crop((0, 0, 24, 16))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    small.save(f"exif{orientation}.jpg", quality=90, exif=exif)
    rgb(f"exif{orientation}.jpg", ImageOps.exif_transpose(Image.open(f"exif{orientation}.jpg")))

# Resizing, as PIL does it.
for w, h in ((16, 16), (100, 31), (7, 90), (61, 20)):
    rgb(f"resize-{w}x{h}", photo.resize((w, h), Image.BILINEAR))

# Preprocessing, as torchvision does it on PIL images.
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def preprocess(name, *steps):
    done = transforms.Compose([*steps, transforms.ToTensor(), transforms.Normalize(MEAN, STD)])(photo)
    open(f"preprocess-{name}.f32", "wb").write(done.numpy().astype("<f4").tobytes())


preprocess("24-16", transforms.Resize(24), transforms.CenterCrop(16))
preprocess("24-24", transforms.Resize(24), transforms.CenterCrop(24))
preprocess("20-32", transforms.Resize(20), transforms.CenterCrop(32))
preprocess("33", transforms.Resize(33))
preprocess("crop21", transforms.CenterCrop(21))

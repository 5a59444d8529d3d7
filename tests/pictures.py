"""Pictures made on the spot, for tests."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def jpeg(width=1400, height=900, colour=(120, 60, 30), name="harbour.jpg"):
    """A picture file as a browser would send it."""
    out = BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").point(
        lambda v: min(255, v + colour[0] // 2)
    ).save(out, "JPEG", quality=80)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def moving_picture(name="tugs.gif"):
    """A GIF of two frames, red and blue."""
    out = BytesIO()
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/gif")

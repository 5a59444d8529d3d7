"""Pictures with content credentials, sealed on the spot with certificates of our own."""

import datetime as dt
import json
from functools import cache
from io import BytesIO

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.core.files.uploadedfile import SimpleUploadedFile

LIST = "http://cv.iptc.org/newscodes/digitalsourcetype/"
CREATED = {"action": "c2pa.created", "softwareAgent": {"name": "Gull Camera"}}


def by(source_type):
    """The action of a picture that came about in a way that IPTC's list names."""
    return CREATED | {"digitalSourceType": LIST + source_type}


def sealed(file, *actions, parent=None, part=None, name="", signer="Gull News"):
    """A JPEG with content credentials, made from another file's; `parent` is what it was opened from.

    `part` is a picture that was placed in it.
    """
    actions = list(actions)
    if parent is not None:
        actions.insert(0, {"action": "c2pa.opened", "parameters": {"ingredientIds": ["parentOf"]}})
    elif not actions:
        actions.append(by("digitalCapture"))
    if part is not None:
        actions.append({"action": "c2pa.placed", "parameters": {"ingredientIds": ["componentOf"]}})
    manifest = {
        "claim_generator_info": [{"name": "Gull Camera", "version": "1"}],
        "title": name or file.name,
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": actions}}],
    }
    builder = c2pa.Builder(json.dumps(manifest))
    for relationship, other in (("parentOf", parent), ("componentOf", part)):
        if other is not None:
            other.seek(0)
            said = json.dumps({"title": other.name, "relationship": relationship, "label": relationship})
            builder.add_ingredient(said, "image/jpeg", BytesIO(other.read()))
    file.seek(0)
    out = BytesIO()
    builder.sign(_signer(signer), "image/jpeg", BytesIO(file.read()), out)
    return SimpleUploadedFile(name or file.name, out.getvalue(), content_type="image/jpeg")


def altered(file):
    """The same file with one byte of its picture changed behind the seal."""
    file.seek(0)
    data = bytearray(file.read())
    data[-200] ^= 1
    return SimpleUploadedFile(file.name, bytes(data), content_type="image/jpeg")


def anchors():
    """The certificate that vouches for our signers, in PEM."""
    return _authority()[1].public_bytes(serialization.Encoding.PEM)


@cache
def _authority():
    key = ec.generate_private_key(ec.SECP256R1())
    return key, _certificate("Gull Root", key.public_key(), "Gull Root", key, is_authority=True)


@cache
def _pair(name):
    key = ec.generate_private_key(ec.SECP256R1())
    return key, _certificate(name, key.public_key(), "Gull Root", _authority()[0])


def _signer(name):
    key, certificate = _pair(name)
    chain = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (certificate, _authority()[1]))

    def sign(data):
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    return c2pa.Signer.from_callback(sign, c2pa.C2paSigningAlg.ES256, chain.decode())


def _certificate(name, public_key, issuer, issuer_key, is_authority=False):
    named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one), x509.NameAttribute(
        NameOID.ORGANIZATION_NAME, one)]) for one in (name, issuer)]  # fmt: skip
    now = dt.datetime.now(dt.UTC)
    use = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                         "encipher_only", "decipher_only"), False)  # fmt: skip
    builder = (
        x509.CertificateBuilder().subject_name(named[0]).issuer_name(named[1]).public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=not is_authority, key_cert_sign=is_authority,
                                     crl_sign=is_authority, **use), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )  # fmt: skip
    if not is_authority:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())

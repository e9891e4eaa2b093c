#!/usr/bin/env python3
"""Verifies Drydock evidence offline, written from docs/evidence.md alone.

    python3 verify.py DIR --key FILE [--known-checkpoint FILE] [--json]

Needs Python 3.11 and the package `cryptography`; 48 or later for ML-DSA-65 keys. `--key` may be given more than once.
Exit status: 0 verified, 7 not verified, 1 unusable input (or a key that this `cryptography` cannot use).
Section numbers are those of docs/evidence.md.
"""
import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import stat
import sys

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
except ImportError:
    MLDSA65PublicKey = None

ED25519, ML_DSA_65 = "Ed25519", "ML-DSA-65"
TYPES = {ED25519: b"\x01", ML_DSA_65: b"\xffML-DSA-65"}
LENGTHS = {ED25519: 32, ML_DSA_65: 1952}
SPKI = {
    ED25519: bytes.fromhex("302a300506032b6570032100"),
    ML_DSA_65: bytes.fromhex("308207b2300b0609608648016503040312038207a100"),
}
WIDTH = 256
CHECKPOINT = "v1/tlog/checkpoint"
MANIFEST = "manifest.json"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
LEAF_PATH = (
    r"v1/leaf/dt=[0-9]{4}-[0-9]{2}-[0-9]{2}/acct=(?:[0-9]{12}|unknown)/change=([0-9A-Z]{26}|none)/"
    r"[0-9A-Z]{26}-[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*\.json"
)
NUMBER = r"[1-9][0-9]{0,14}"
ENTRY = re.compile(
    (
        r'\{(?P<linked>"chain":"(?P<chain>change|after)",(?:"count":(?P<count>' + NUMBER + r'),)?"number":(?P<number>' + NUMBER + r'),)?'
        r'"path":"(?P<path>' + LEAF_PATH.replace("([0-9A-Z]{26}|none)", "(?P<change>[0-9A-Z]{26}|none)") + r')"'
        r'(?(linked)(?:,"previous":\{"hash":"(?P<hash>[0-9a-f]{64})","index":(?P<index>0|' + NUMBER + r')\})?)'
        r',"sha256":"(?P<sha256>[0-9a-f]{64})"\}'
    ).encode()
)
OBJECT_PATH = re.compile(r"v1/object/([0-9a-f]{64})\.json")
SAFE_INTEGER = 2**53 - 1
TILE_PATH = re.compile(r"v1/tlog/tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,4}[0-9]{3})(?:\.p/([0-9]{1,3}))?")
SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
SIGNATURE_LINE = re.compile("\u2014 ([^%s+]+) ([A-Za-z0-9+/=]+)" % SPACE)
VERIFIER_KEY = re.compile(r"([^%s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)" % SPACE)
PEM = re.compile("[%s]*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=%s]+)-----END PUBLIC KEY-----[%s]*" % (SPACE, SPACE, SPACE))


def sha256(data):
    return hashlib.sha256(data).digest()


def strict_base64(text):
    """The bytes of canonical base64, or None: two texts must not mean the same bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def no_number(text):
    raise ValueError("%s is no JSON" % text)


def number_of(text):
    """A whole number, or, where JSON's reader in other languages would lose digits, one that no check takes for whole."""
    return int(text) if len(text) <= 17 else float(text[:300])


def parse_json(data):
    return json.loads(data.decode(), parse_constant=no_number, parse_int=number_of)


def canonical(value):
    """RFC 8785 for the values that this format needs it for: strings, integers, lists, objects with ASCII keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# Section 2: the tree


def hash_leaf(entry):
    return sha256(b"\x00" + entry)


def hash_node(left, right):
    return sha256(b"\x01" + left + right)


def tree_levels(hashes):
    """Binary levels: levels[k][i] is the root of the full subtree over leaves [i * 2^k, (i + 1) * 2^k)."""
    levels = [hashes]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append([hash_node(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])
    return levels


def range_hash(levels, start, end):
    if start == end:
        return sha256(b"")
    length = end - start
    if length & (length - 1) == 0:
        return levels[length.bit_length() - 1][start // length]
    split = 1 << ((length - 1).bit_length() - 1)
    return hash_node(range_hash(levels, start, start + split), range_hash(levels, start + split, end))


def inclusion_proof(levels, index, size):
    proof, start, end = [], 0, size
    while end - start > 1:
        middle = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < middle:
            proof.append(range_hash(levels, middle, end))
            end = middle
        else:
            proof.append(range_hash(levels, start, middle))
            start = middle
    return proof[::-1]


# Section 3: files of the log


def tile_path(level, index, width):
    digits = "%03d" % (index % 1000)
    index //= 1000
    while index > 0:
        digits = "x%03d/%s" % (index % 1000, digits)
        index //= 1000
    return "v1/tlog/tile/%s/%s%s" % (level, digits, "" if width == WIDTH else ".p/%d" % width)


def parse_tile_path(path):
    match = TILE_PATH.fullmatch(path)
    if not match:
        return None
    level = match[1] if match[1] == "entries" else int(match[1])
    index = int(match[2].replace("x", "").replace("/", ""))
    width = WIDTH if match[3] is None else int(match[3])
    return (level, index, width) if width >= 1 and tile_path(level, index, width) == path else None


def decode_bundle(data):
    entries, offset = [], 0
    while offset + 2 <= len(data):
        end = offset + 2 + int.from_bytes(data[offset : offset + 2], "big")
        if end > len(data):
            break
        entries.append(data[offset + 2 : end])
        offset = end
    return entries, offset == len(data)


def decode_entry(data):
    match = ENTRY.fullmatch(data)
    if match is None or len(match["path"]) > 300:
        return None
    found = {name: text.decode() for name, text in match.groupdict().items() if text is not None}
    entry = {"path": found["path"], "change": found["change"], "sha256": found["sha256"], "link": None}
    if "linked" in found:
        entry["link"] = {
            "place": (found["chain"], int(found["number"])),
            "previous": (found["hash"], int(found["index"])) if "hash" in found else None,
            "count": int(found["count"]) if "count" in found else None,
        }
    return entry


# Section 2: chains


class Chain:
    """What the entries of one change, followed in order, show of it."""

    def __init__(self, change):
        self.change, self.unnumbered, self.count, self.after, self.ended = change, 0, 0, 0, False
        self.last = None

    def due(self):
        """The place of the next entry with a number."""
        if self.last is None:
            return "change", 1
        chain, number = self.last["place"]
        if self.ended and chain == "change":
            return "after", 1
        return chain, number + 1

    def follow(self, index, entry, digest, is_part=False):
        """(kind, item) of what is wrong with the entry, or None; the chain goes on from it."""
        link, before, (chain, number) = entry["link"], self.last, self.due()
        if link is None:
            self.unnumbered += 1
            return None if before is None else ("bad", entry["path"])
        problem = None
        if before is not None or not is_part:
            counted = link["count"] is None or (chain == "change" and link["count"] == number)
            follows = link["previous"] == (None if before is None else before["at"])
            if link["place"] != (chain, number):
                problem = ("missing", "%s %d of %s" % (chain, number, self.change))
            elif not counted or not follows:
                problem = ("bad", entry["path"])
        self.last = {"place": link["place"], "at": (digest.hex(), index)}
        self.ended = link["place"][0] == "after" or link["count"] is not None
        if link["place"][0] == "after":
            self.after += 1
        else:
            self.count += 1
        return problem

    def proof(self):
        return {
            "changeId": self.change,
            "unnumbered": self.unnumbered,
            "count": self.count,
            "after": self.after,
            "isEnded": self.ended,
        }


# RFC 9162 sections 2.1.3.2 and 2.1.4.2: proofs against a root


def is_included(index, size, leaf_hash, root, proof):
    if index >= size:
        return False
    node, last, found = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = hash_node(sibling, found)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = hash_node(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old_size, old_root, size, root, proof):
    """For 0 < old_size < size."""
    path = list(proof) if old_size & (old_size - 1) else [old_root] + list(proof)
    if not path:
        return False
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_found = found = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_found, found = hash_node(sibling, old_found), hash_node(sibling, found)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            found = hash_node(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old_found == old_root and found == root


# Section 4: signatures


class Unsupported(Exception):
    """No key, or one that the installed `cryptography` cannot verify with: nothing may be said then."""


def key_id(name, key):
    algorithm, public_key = key
    return sha256(name.encode() + b"\n" + TYPES[algorithm] + public_key)[:4].hex()


def load(key):
    algorithm, public_key = key
    if algorithm == ED25519:
        return Ed25519PublicKey.from_public_bytes(public_key)
    if MLDSA65PublicKey is None:
        raise Unsupported("this version of cryptography has no ML-DSA-65; install 48 or later")
    try:
        return MLDSA65PublicKey.from_public_bytes(public_key)
    except UnsupportedAlgorithm as error:
        raise Unsupported("the OpenSSL of this cryptography has no ML-DSA-65") from error


def is_signed(key, message, signature):
    try:
        load(key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def read_pem(body):
    der = strict_base64(re.sub("[%s]" % SPACE, "", body))
    for algorithm, prefix in SPKI.items():
        if der is not None and der.startswith(prefix) and len(der) == len(prefix) + LENGTHS[algorithm]:
            return [(None, (algorithm, der[len(prefix) :]))]
    return None


def read_key(line):
    match = VERIFIER_KEY.fullmatch(line)
    data = strict_base64(match[3]) if match else None
    if data is None:
        return None
    for algorithm, prefix in TYPES.items():
        key = (algorithm, data[len(prefix) :])
        if data.startswith(prefix) and len(key[1]) == LENGTHS[algorithm]:
            return (match[1], key) if key_id(match[1], key) == match[2] else None
    return None


def read_keys(text):
    """[(name or None, (algorithm, raw key))], or None when any line is no key."""
    pem = PEM.fullmatch(text)
    if pem:
        return read_pem(pem[1])
    lines = [line.strip() for line in text.split("\n")]
    keys = [read_key(line) for line in lines if line != "" and not line.startswith("#")]
    return keys if keys and None not in keys else None


def parse_checkpoint(data):
    try:
        note = data.decode()
    except UnicodeDecodeError:
        return None
    end = note.rfind("\n\n")
    if end < 0 or not note.endswith("\n"):
        return None
    text, signatures = note[: end + 1], []
    for line in note[end + 2 : -1].split("\n"):
        match = SIGNATURE_LINE.fullmatch(line)
        blob = strict_base64(match[2]) if match else None
        if blob is None or len(blob) <= 4:
            return None
        signatures.append((match[1], blob[:4].hex(), blob[4:]))
    origin, size, root = (text.split("\n") + ["", "", ""])[:3]
    root_bytes = strict_base64(root)
    if origin == "" or root_bytes is None or len(root_bytes) != 32:
        return None
    if not re.fullmatch("0|[1-9][0-9]{0,14}", size):
        return None
    return {"origin": origin, "size": int(size), "root": root_bytes, "text": text.encode(), "signatures": signatures}


def check_signatures(checkpoint, keys, every_algorithm=True):
    """`every_algorithm`: signed in each algorithm of which a key is given; else by any one of the keys."""
    signers = signers_of(checkpoint, keys)
    if signers is None:
        return "bad"
    if every_algorithm:
        signed = {algorithm for algorithm, _ in signers}
        return "good" if signed.issuperset(key[0] for _, key in keys) else "wrong-key"
    return "good" if signers else "wrong-key"


def signers_of(checkpoint, keys):
    """[(algorithm, name+keyid)] of the keys that signed, or None when a signature by one of them does not hold."""
    signers = []
    for name, key in keys:
        name = checkpoint["origin"] if name is None else name
        identity = key_id(name, key)
        for signer, signed_by, signature in checkpoint["signatures"]:
            if name == checkpoint["origin"] and signer == name and signed_by == identity:
                if not is_signed(key, checkpoint["text"], signature):
                    return None
                signers.append((key[0], "%s+%s" % (name, identity)))
    return signers


# Section 1: leaves


def is_text(*values):
    return all(isinstance(value, str) for value in values)


def open_leaf(data, path):
    """(payload, [(keyid, sig)]) of a leaf that states its record and its path, or None."""
    try:
        text, leaf = data.decode(), parse_json(data)
        payload = strict_base64(leaf["payload"])
        statement, signatures = parse_json(payload or b""), leaf["signatures"]
        record = text[text.index(',"record":') + 10 : text.rindex(',"signatures":[')].encode()
        (subject,) = statement["subject"]
        predicate = statement["predicate"]
        if set(leaf) != {"payload", "payloadType", "record", "signatures"} or leaf["payloadType"] != PAYLOAD_TYPE:
            return None
        if not is_text(leaf["record"]["leafId"], predicate["leafId"]) or predicate["path"] != path:
            return None
        if subject["digest"]["sha256"] != sha256(record).hex() or not isinstance(signatures, list) or not signatures:
            return None
        if not all(set(entry) == {"keyid", "sig"} and is_text(entry["keyid"], entry["sig"]) for entry in signatures):
            return None
        return payload, [(entry["keyid"], entry["sig"]) for entry in signatures]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def check_leaf(data, path, keys, origin):
    opened = open_leaf(data, path)
    if opened is None:
        return "bad"
    payload, signatures = opened
    message = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)
    for name, key in keys:
        name = origin if name is None else name
        for identity, sig in signatures:
            if identity == "%s+%s" % (name, key_id(name, key)):
                signature = strict_base64(sig)
                return "good" if signature is not None and is_signed(key, message, signature) else "bad"
    return "wrong-key"


# Section 6: verification


def first_difference(expected, actual):
    for index in range(max(len(expected), len(actual))):
        wanted = expected[index] if index < len(expected) else None
        found = actual[index] if index < len(actual) else None
        if wanted == found:
            continue
        if found is None:
            return "missing", index
        if wanted is None:
            return "added", index
        wanted_later, found_expected = wanted in actual[index + 1 :], found in expected
        if wanted_later:
            return ("reordered" if found_expected else "added"), index
        return ("missing" if found_expected else "bad"), index
    return None


def scope_of(data):
    try:
        scope = parse_json(data)["scope"]
        if scope == {"kind": "log"}:
            return scope
        if set(scope) == {"kind", "changeId"} and scope["kind"] == "change":
            if re.fullmatch("[0-9A-Z]{26}", scope["changeId"]):
                return scope
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return {"kind": "log"}


def files_below(directory, folder):
    """Paths of the files below a folder of the directory; links and pipes are no files, and linked folders no folders."""
    found, waiting = [], [folder]
    while waiting:
        at = waiting.pop()
        with os.scandir(os.path.join(directory, at)) as entries:
            for entry in entries:
                path = "%s/%s" % (at, entry.name)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif entry.is_file(follow_symlinks=False):
                    found.append(path)
    return found


def is_unlinked(directory, path, is_kind):
    """Whether something of that kind stands there, reached by no link."""
    parts = path.split("/")
    folders = ["/".join(parts[: count + 1]) for count in range(len(parts) - 1)]
    try:
        modes = [os.lstat(os.path.join(directory, at)).st_mode for at in folders + [path]]
    except (FileNotFoundError, NotADirectoryError):
        return False
    return all(map(stat.S_ISDIR, modes[:-1])) and is_kind(modes[-1])


# Section 5: the manifest of a pack


def is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= SAFE_INTEGER


def hashes_of(texts):
    if not isinstance(texts, list) or not is_text(*texts):
        return None
    hashes = [strict_base64(text) for text in texts]
    return hashes if all(found is not None and len(found) == 32 for found in hashes) else None


def is_pack(data):
    try:
        manifest = parse_json(data)
        version = manifest["schemaVersion"] if isinstance(manifest, dict) else None
        return not isinstance(version, bool) and version == 2
    except (ValueError, KeyError, RecursionError):
        return False


def is_pack_scope(scope):
    if not isinstance(scope, dict) or not is_text(*scope.values()):
        return False
    if set(scope) == {"kind", "changeId"} and scope["kind"] == "change":
        return re.fullmatch("[0-9A-Z]{26}", scope["changeId"]) is not None
    days = set(scope) == {"kind", "from", "to"} and scope["kind"] == "period"
    return days and all(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", scope[name]) for name in ("from", "to"))


def read_pack(data):
    """The manifest of a pack with its hashes as bytes, or None unless it is exactly as section 5 says."""
    try:
        manifest = parse_json(data)
        wanted = {"schemaVersion", "scope", "origin", "size", "root", "leaves"}
        if set(manifest) - {"consistency"} != wanted or canonical(manifest) != data:
            return None
        root, leaves = hashes_of([manifest["root"]]), []
        if root is None or not is_pack_scope(manifest["scope"]) or not is_text(manifest["origin"]) or not is_whole(manifest["size"]):
            return None
        if not isinstance(manifest["leaves"], list):
            return None
        for leaf in manifest["leaves"]:
            proof = hashes_of(leaf["proof"])
            if set(leaf) != {"index", "entry", "proof"} or proof is None or not is_whole(leaf["index"]) or not is_text(leaf["entry"]):
                return None
            text = leaf["entry"].encode()
            leaves.append((leaf["index"], decode_entry(text), hash_leaf(text), proof))
        pack = {name: manifest[name] for name in ("scope", "origin", "size")}
        pack.update(root=root[0], leaves=leaves, consistency=None)
        if "consistency" in manifest:
            kept = manifest["consistency"]
            proof = hashes_of(kept["proof"])
            if set(kept) != {"size", "proof"} or proof is None or not is_whole(kept["size"]):
                return None
            pack["consistency"] = (kept["size"], proof)
        return pack
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def record_of(data):
    """The record of a leaf, with versions that are as section 1 says, or None."""
    try:
        record = parse_json(data)["record"]
        versions = record.get("versions", [])
        for key, before, after in versions:
            whole = all(isinstance(n, int) and not isinstance(n, bool) and abs(n) <= SAFE_INTEGER for n in (before, after))
            if not is_text(key) or not whole:
                return None
        return record if isinstance(versions, list) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def named_objects(value):
    """Every path of a file in a field `object`, at any depth."""
    if isinstance(value, list):
        return {path for item in value for path in named_objects(item)}
    if not isinstance(value, dict):
        return set()
    paths = set()
    for name, item in value.items():
        if name == "object" and isinstance(item, str) and OBJECT_PATH.fullmatch(item):
            paths.add(item)
        else:
            paths |= named_objects(item)
    return paths


def in_order(texts):
    return sorted(texts, key=lambda text: text.encode("utf-16-be", "surrogatepass"))


class Verifier:
    def __init__(self, directory, keys, known=None):
        self.directory, self.keys, self.known = directory, keys, known
        self.known_size = None
        folders = [at for at in ("v1/leaf", "v1/tlog", "v1/object") if is_unlinked(directory, at, stat.S_ISDIR)]
        names = [name for at in folders for name in files_below(directory, at)]
        # A name that is no UTF-8 is no name of a log: shown, but never opened.
        names = [os.fsencode(name).decode("utf-8", "replace") for name in names]
        self.paths = sorted(names, key=lambda name: name.encode("utf-16-be"))
        self.present = set(self.paths)
        if is_unlinked(directory, MANIFEST, stat.S_ISREG):
            self.present.add(MANIFEST)

    def read(self, path):
        if path not in self.present:
            return None
        with open(os.path.join(self.directory, *path.split("/")), "rb") as file:
            return file.read()

    # Section 7: a pack

    def history(self, pack, checkpoint):
        """(problems, size of the known log if this one continues it)."""
        if self.known is None:
            return [], None
        known, size = parse_checkpoint(self.known), checkpoint["size"]
        if known is None or check_signatures(known, self.keys, every_algorithm=False) != "good":
            return [("wrong-key", "known checkpoint")], None
        if known["size"] > size:
            return [("rolled-back", CHECKPOINT)], None
        if known["size"] == 0 and known["root"] == sha256(b""):
            return [], 0
        if known["size"] == size:
            continued = known["root"] == checkpoint["root"]
        elif pack["consistency"] is None or pack["consistency"][0] != known["size"]:
            return [("missing", "consistency proof from %d" % known["size"])], None
        else:
            proof = pack["consistency"][1]
            continued = known["size"] > 0 and is_consistent(known["size"], known["root"], size, checkpoint["root"], proof)
        return ([], known["size"]) if continued else ([("forked", CHECKPOINT)], None)

    def pack_members(self, pack):
        """Whether an entry is in scope, or stands between two of its change that are."""
        scope = pack["scope"]
        if scope["kind"] == "change":
            return lambda index, entry: entry["change"] == scope["changeId"]
        in_days = lambda entry: scope["from"] <= entry["path"][11:21] <= scope["to"]
        spans = {}
        for index, entry, _, _ in pack["leaves"]:
            if entry is not None and entry["change"] != "none" and in_days(entry):
                first, last = spans.get(entry["change"], (index, index))
                spans[entry["change"]] = (min(first, index), max(last, index))

        def is_member(index, entry):
            first, last = spans.get(entry["change"], (0, 0))
            return in_days(entry) or first < index < last

        return is_member

    def pack_leaves(self, pack, checkpoint):
        problems, records, checked, before = [], [], 0, -1
        digests = {entry["sha256"] for _, entry, _, _ in pack["leaves"] if entry}
        is_member = self.pack_members(pack)
        for index, entry, leaf_hash, proof in pack["leaves"]:
            data = self.read(entry["path"]) if entry else None
            checked += data is not None
            kind, item = None, entry["path"] if entry else "entry %d" % index
            if entry is None:
                kind = "bad"
            elif index <= before:
                kind = "reordered"
            elif not is_member(index, entry):
                kind = "added"
            elif not is_included(index, checkpoint["size"], leaf_hash, checkpoint["root"], proof):
                kind = "bad"
            elif data is None:
                kind = "missing"
            elif sha256(data).hex() != entry["sha256"]:
                kind = "reordered" if sha256(data).hex() in digests else "bad"
            else:
                signed = check_leaf(data, entry["path"], self.keys, checkpoint["origin"])
                kind = None if signed == "good" else signed
            if kind is not None:
                problems.append((kind, item))
            else:
                record = record_of(data)
                records += [record] if record is not None else []
            before = index
        return problems, records, checked

    def pack_chains(self, pack):
        chains, problems = {}, []
        for index, entry, leaf_hash, _ in pack["leaves"]:
            if entry is None or entry["change"] == "none":
                continue
            chain = chains.setdefault(entry["change"], Chain(entry["change"]))
            problem = chain.follow(index, entry, leaf_hash, pack["scope"]["kind"] == "period")
            problems += [problem] if problem else []
        return list(chains.values()), problems

    def pack_versions(self, chains, records):
        older = any(chain.unnumbered for chain in chains) or (bool(records) and "versions" not in records[0])
        moved = {}
        for record in records:
            for key, before, after in record.get("versions", []):
                froms, tos = moved.setdefault(key, (set(), set()))
                froms.add(before)
                tos.add(after)
        problems = []
        for key in in_order(moved):
            froms, tos = moved[key]
            for version in sorted(froms - tos):
                if version > 0 and not (older and version == min(froms)):
                    problems.append(("missing", "version %d of %s" % (version, key)))
        return problems

    def verify_pack(self, manifest):
        pack, data = read_pack(manifest), self.read(CHECKPOINT)
        checkpoint = parse_checkpoint(data) if data is not None else None
        if pack is None or checkpoint is None:
            problem = ("bad", MANIFEST) if pack is None else ("missing" if data is None else "bad", CHECKPOINT)
            scope = pack["scope"] if pack else {"kind": "log"}
            problems = [{"kind": problem[0], "leaf": problem[1]}]
            empty = {"size": 0, "signedBy": [], "leaves": 0, "changes": 0}
            return {"ok": False, "scope": scope, "problems": problems, **empty}
        scope = pack["scope"]
        signed, problems = check_signatures(checkpoint, self.keys), []
        if signed != "good":
            problems.append((signed, CHECKPOINT))
        if any(pack[name] != checkpoint[name] for name in ("origin", "size", "root")):
            problems.append(("bad", MANIFEST))
        history, known_size = self.history(pack, checkpoint)
        leaf_problems, records, checked = self.pack_leaves(pack, checkpoint)
        chains, chain_problems = self.pack_chains(pack)
        problems += history + leaf_problems + chain_problems
        if scope["kind"] == "change":
            problems += self.pack_versions(chains, records)
        objects = {path for record in records for path in named_objects(record.get("body"))}
        for path in in_order(objects):
            found = self.read(path)
            if found is None:
                problems.append(("missing", path))
            elif sha256(found).hex() != OBJECT_PATH.fullmatch(path)[1]:
                problems.append(("bad", path))
        named = objects | {CHECKPOINT} | {entry["path"] for _, entry, _, _ in pack["leaves"] if entry}
        problems += [("added", path) for path in self.paths if path not in named]
        if not pack["leaves"]:
            name = "change %(changeId)s" if scope["kind"] == "change" else "period %(from)s to %(to)s"
            problems.append(("missing", name % scope))
        known = {} if known_size is None else {"knownSize": known_size}
        return {
            "ok": not problems,
            "size": checkpoint["size"],
            "origin": checkpoint["origin"],
            "root": base64.b64encode(checkpoint["root"]).decode(),
            "signedBy": ["%s %s" % signer for signer in signers_of(checkpoint, self.keys) or []],
            **known,
            "scope": scope,
            "leaves": checked,
            "changes": len({entry["change"] for _, entry, _, _ in pack["leaves"] if entry}),
            "chains": [chain.proof() for chain in chains],
            "objects": len(objects),
            "problems": [{"kind": kind, "leaf": leaf} for kind, leaf in problems],
        }

    def chain_problems(self):
        """Of a log whose entries are trusted."""
        chains, problems = {}, []
        for start, entries, hashes, _, _ in self.bundles:
            for at, data in enumerate(entries):
                entry, index = decode_entry(data), start + at
                if entry is None:
                    continue
                if entry["change"] == "none":
                    if entry["link"]:
                        problems.append((index, "bad", entry["path"]))
                    continue
                chain = chains.setdefault(entry["change"], Chain(entry["change"]))
                problem = chain.follow(index, entry, hashes[at])
                if problem:
                    problems.append((index,) + problem)
        return problems

    def stand_in(self, level, index, width):
        for wider in range(width, WIDTH + 1):
            if (level, index, wider) in self.tiles:
                return wider
        return None

    def read_bundles(self, size):
        self.placed, self.bundles = [], []
        last = max((index for level, index, _ in self.tiles if level in ("entries", 0)), default=-1)
        for index in range(min((size + WIDTH - 1) // WIDTH, last + 2)):
            width, start = min(WIDTH, size - index * WIDTH), index * WIDTH
            entries, whole, tile = [], True, None
            wider = self.stand_in("entries", index, width)
            if wider is None:
                self.placed.append((start, "missing", tile_path("entries", index, width)))
            else:
                entries, whole = decode_bundle(self.read(tile_path("entries", index, wider)))
                entries = entries if wider == width else entries[:width]
            wider = self.stand_in(0, index, width)
            if wider is None:
                self.placed.append((start, "missing", tile_path(0, index, width)))
            else:
                tile = self.read(tile_path(0, index, wider))
                tile = tile if wider == width else tile[: width * 32]
            hashes = [hash_leaf(entry) for entry in entries]
            agreed = tile is not None and whole and len(hashes) == width and b"".join(hashes) == tile
            self.bundles.append((start, entries, hashes, tile, agreed))

    def trusted(self, size, root):
        def fits(data):
            if len(data) != size * 32:
                return None
            levels = tree_levels([data[i : i + 32] for i in range(0, len(data), 32)])
            return levels if range_hash(levels, 0, size) == root else None

        levels = fits(b"".join(h for bundle in self.bundles for h in bundle[2]))
        if levels:
            return "entries", levels
        if not all(bundle[4] for bundle in self.bundles):
            levels = fits(b"".join(bundle[3] or b"" for bundle in self.bundles))
            if levels:
                return "tiles", levels
        return "none", None

    def entry_problem(self, bundle):
        start, entries, hashes, tile, agreed = bundle
        if agreed or tile is None or (not entries and not tile):
            return None
        expected = [tile[i * 32 : i * 32 + 32] for i in range(len(tile) // 32)]
        kind, index = first_difference(expected, hashes) or ("bad", len(entries))
        entry = decode_entry(entries[index]) if kind != "missing" and index < len(entries) else None
        return start + index, kind, entry["path"] if entry else "entry %d" % (start + index)

    def check_leaves(self, source, scope, origin, with_signatures):
        named, self.in_scope, self.checked, self.changes, digests = set(), [], 0, set(), None
        for start, entries, hashes, tile, agreed in self.bundles:
            for at, data in enumerate(entries):
                index = start + at
                confirmed = source == "entries" or agreed or tile is None or tile[at * 32 : at * 32 + 32] == hashes[at]
                if not confirmed:
                    continue
                entry = decode_entry(data)
                if entry is None:
                    self.placed.append((index, "bad", "entry %d" % index))
                    continue
                path = entry["path"]
                change = entry["change"]
                if path in named:
                    self.placed.append((index, "added", path))
                named.add(path)
                wanted = scope["kind"] == "log" or change == scope["changeId"]
                if wanted:
                    self.changes.add(change)
                    self.in_scope.append((index, entry))
                elif path not in self.present:
                    continue
                leaf = self.read(path)
                if leaf is None:
                    self.placed.append((index, "missing", path))
                    continue
                self.checked += 1
                digest = sha256(leaf).hex()
                if digest != entry["sha256"]:
                    if digests is None:
                        every = (decode_entry(e) for b in self.bundles for e in b[1])
                        digests = {e["sha256"] for e in every if e}
                    self.placed.append((index, "reordered" if digest in digests else "bad", path))
                elif with_signatures:
                    signed = check_leaf(leaf, path, self.keys, origin)
                    if signed != "good":
                        self.placed.append((index, signed, path))
        leaves = [path for path in self.paths if path.startswith("v1/leaf/")]
        return [("added", path) for path in leaves if path not in named]

    def tile_problems(self, size, levels):
        problems = []
        for (level, index, width), path in sorted(self.tiles.items(), key=lambda item: item[1]):
            height = 0 if level == "entries" else 8 * level
            start, end = index * WIDTH, index * WIDTH + width
            if end > size >> height:
                continue
            data = self.read(path)
            if level == "entries":
                entries, whole = decode_bundle(data)
                good = whole and entries == self.bundles[index][1][:width]
            else:
                good = data == b"".join(levels[height][start:end])
            if not good:
                problems.append(("bad", path))
        level = 1
        while size >> (8 * level) > 0:
            count = size >> (8 * level)
            for index in range((count + WIDTH - 1) // WIDTH):
                width = min(WIDTH, count - index * WIDTH)
                if self.stand_in(level, index, width) is None:
                    problems.append(("missing", tile_path(level, index, width)))
            level += 1
        return problems

    def checkpoint_problems(self, checkpoint):
        size, problems = checkpoint["size"], []
        signed = check_signatures(checkpoint, self.keys)
        if signed != "good":
            problems.append((signed, CHECKPOINT))
        largest = 0
        for level, index, width in self.tiles:
            largest = max(largest, (index * WIDTH + width) << (0 if level == "entries" else 8 * level))
        if largest > size:
            problems.append(("rolled-back", CHECKPOINT))
        if self.known is None:
            return problems
        known = parse_checkpoint(self.known)
        if known is None or check_signatures(known, self.keys, every_algorithm=False) != "good":
            return problems + [("wrong-key", "known checkpoint")]
        if known["size"] > size:
            return problems + [("rolled-back", CHECKPOINT)]
        if known["size"] == size:
            before = checkpoint["root"]
        else:
            hashes = [h for bundle in self.bundles for h in bundle[2]][: known["size"]]
            whole = len(hashes) == known["size"]
            before = range_hash(tree_levels(hashes), 0, known["size"]) if whole else None
        if before != known["root"]:
            return problems + [("forked", CHECKPOINT)]
        self.known_size = known["size"]
        return problems

    def manifest_bytes(self, scope, checkpoint, levels):
        value = {
            "schemaVersion": 1,
            "scope": scope,
            "origin": checkpoint["origin"],
            "size": checkpoint["size"],
            "root": base64.b64encode(checkpoint["root"]).decode(),
        }
        if scope["kind"] == "change":
            value["leaves"] = [
                {
                    "index": index,
                    "path": entry["path"],
                    "sha256": entry["sha256"],
                    "proof": [
                        base64.b64encode(node).decode()
                        for node in inclusion_proof(levels, index, checkpoint["size"])
                    ],
                }
                for index, entry in self.in_scope
            ]
        return canonical(value)

    def verify(self):
        manifest = self.read(MANIFEST)
        if manifest is not None and is_pack(manifest):
            return self.verify_pack(manifest)
        scope = scope_of(manifest) if manifest is not None else {"kind": "log"}
        data = self.read(CHECKPOINT)
        checkpoint = parse_checkpoint(data) if data is not None else None
        if checkpoint is None:
            problems = [{"kind": "missing" if data is None else "bad", "leaf": CHECKPOINT}]
            empty = {"size": 0, "signedBy": [], "leaves": 0, "changes": 0}
            return {"ok": False, "scope": scope, "problems": problems, **empty}
        size = checkpoint["size"]
        self.tiles, strangers = {}, []
        for path in self.paths:
            if path.startswith("v1/tlog/") and path != CHECKPOINT:
                name = parse_tile_path(path)
                if name:
                    self.tiles[name] = path
                else:
                    strangers.append(("added", path))
        self.read_bundles(size)
        source, levels = self.trusted(size, checkpoint["root"])
        forked = source == "none" and all(bundle[4] for bundle in self.bundles)
        missing = len(self.placed)
        differing = [] if source == "entries" else [p for p in map(self.entry_problem, self.bundles) if p]
        self.placed[missing:] = differing
        added = self.check_leaves(source, scope, checkpoint["origin"], forked or scope["kind"] == "change")
        if source == "entries":
            self.placed += self.chain_problems()
        self.placed.sort(key=lambda problem: problem[0])
        problems = self.checkpoint_problems(checkpoint) + [(kind, leaf) for _, kind, leaf in self.placed]
        if forked or (source == "none" and not self.placed):
            problems.append(("forked", CHECKPOINT))
        if source != "none":
            problems += self.tile_problems(size, levels)
            if not problems and manifest is not None:
                if manifest != self.manifest_bytes(scope, checkpoint, levels):
                    problems.append(("bad", MANIFEST))
        problems += added + strangers
        if scope["kind"] == "change" and not self.in_scope:
            problems.append(("missing", "change %s" % scope["changeId"]))
        known = {} if self.known_size is None else {"knownSize": self.known_size}
        return {
            "ok": not problems,
            "size": size,
            "origin": checkpoint["origin"],
            "root": base64.b64encode(checkpoint["root"]).decode(),
            "signedBy": ["%s %s" % signer for signer in signers_of(checkpoint, self.keys) or []],
            **known,
            "scope": scope,
            "leaves": self.checked,
            "changes": len(self.changes),
            "problems": [{"kind": kind, "leaf": leaf} for kind, leaf in problems],
        }


def keys_of(paths):
    keys = []
    for path in paths:
        with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
            found = read_keys(file.read())
        if found is None:
            raise Unsupported("%s holds no public key" % path)
        for _, key in found:
            try:
                load(key)
            except ValueError as error:
                raise Unsupported("a key of %s cannot be used: %s" % (path, error)) from error
        keys += found
    return keys


def chain_told(chain):
    """What the leaves of a pack show of one change, and no more."""
    told = []
    if chain["unnumbered"]:
        told.append("%(unnumbered)d leaves from before there were numbers, of which others may be left out" % chain)
    if chain["isEnded"] and chain["count"]:
        told.append("%(count)d leaves up to its end, as many as the last of them counts" % chain)
    elif chain["count"]:
        told.append("%(count)d leaves without a gap; it has not ended in them" % chain)
    if chain["after"]:
        told.append("%(after)d leaves without a gap from after its end" % chain)
    return "change %s: %s" % (chain["changeId"], "; ".join(told))


def tell(verdict):
    signers = " and ".join(verdict["signedBy"])
    told = (verdict["leaves"], verdict["changes"], verdict["origin"], verdict["size"], signers)
    print("verified: %d leaves of %d changes, in the log %s of tree size %d, signed by %s" % told)
    if "knownSize" in verdict:
        print("it continues the known log of tree size %d" % verdict["knownSize"])
    if verdict["scope"]["kind"] == "period":
        print("no leaf of a change is left out between its first and its last here; that none is left out of the period is not shown")
    for chain in verdict.get("chains", []) if verdict["scope"]["kind"] == "change" else []:
        print(chain_told(chain))


def visible(text):
    """Text from a file's name, with nothing in it that a terminal would obey."""
    return "".join(c if c.isprintable() else "\\u%04x" % ord(c) for c in text)


def main():
    parser = argparse.ArgumentParser(description="Verifies Drydock evidence offline.")
    parser.add_argument("directory")
    parser.add_argument("--key", required=True, action="append", help="file of verifier keys or a PEM public key")
    parser.add_argument("--known-checkpoint", help="a checkpoint kept from before")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    try:
        keys, known = keys_of(options.key), None
        if options.known_checkpoint:
            with open(options.known_checkpoint, "rb") as file:
                known = file.read()
        verdict = Verifier(options.directory, keys, known).verify()
    except (Unsupported, OSError) as error:
        print("not verified: %s" % error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(verdict))
    elif verdict["ok"]:
        tell(verdict)
    else:
        for problem in verdict["problems"]:
            print("%s  %s" % (problem["kind"], visible(problem["leaf"])))
    return 0 if verdict["ok"] else 7


if __name__ == "__main__":
    sys.exit(main())

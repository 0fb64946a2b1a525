"""Writes public/data/digits.npy: the digits of scikit-learn as one uint8 array [1797, 65].

Each row is an image of 8 by 8 pixels, 0 to 16, row-major, then the digit it shows. Needs scikit-learn (Debian's
python3-sklearn will do; any version has the same data).

  python3 scripts/make-digits.py
"""

import hashlib
import pathlib

import numpy as np
from sklearn.datasets import load_digits

TARGET = pathlib.Path(__file__).resolve().parent.parent / "public" / "data" / "digits.npy"


def main():
    pixels, labels = load_digits(return_X_y=True)
    table = np.column_stack([pixels, labels])
    digits = table.astype(np.uint8)
    assert digits.shape == (1797, 65) and (digits == table).all(), "the digits are not whole numbers below 256"
    assert digits[:, :64].max() == 16 and sorted(set(digits[:, 64].tolist())) == list(range(10))

    with TARGET.open("wb") as file:
        np.lib.format.write_array(file, digits, version=(1, 0))
    print(TARGET.name, TARGET.stat().st_size, "bytes, sha256", hashlib.sha256(TARGET.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()

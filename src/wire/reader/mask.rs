//! Masking (RFC 6455, section 5.3): each byte is combined with one of four key bytes in turn.

/// Applies `mask` to `bytes`, the first of which is byte `offset` of its payload.
pub(super) fn apply(bytes: &mut [u8], mut mask: [u8; 4], offset: usize) {
    mask.rotate_left(offset % 4);
    // Eight bytes at a time, which the compiler widens further.
    let wide = u64::from_ne_bytes([mask[0], mask[1], mask[2], mask[3], mask[0], mask[1], mask[2], mask[3]]);
    let (chunks, rest) = bytes.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_the_same_as_byte_by_byte(
            bytes in proptest::collection::vec(any::<u8>(), 0..100),
            mask in any::<[u8; 4]>(),
            offset in 0_usize..9,
        ) {
            let expected: Vec<u8> = bytes.iter().enumerate().map(|(i, b)| b ^ mask[(i + offset) % 4]).collect();
            let mut got = bytes;
            apply(&mut got, mask, offset);
            prop_assert_eq!(got, expected);
        }
    }
}

//! Words for one device alone: RFC 8291, which is RFC 8188 with keys by an exchange on P-256.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use ring::rand::{SecureRandom, SystemRandom};

use super::limits::MAX_WORDS_BYTES;

/// Bytes of a point on P-256 that is not compressed.
const POINT: usize = 65;
/// Bytes of what the device and this server alone know.
const AUTH: usize = 16;
const SALT: usize = 16;
/// The one record that a message is: all push services take as much.
const RECORD: u32 = 4_096;
/// Ends the last record.
const LAST: u8 = 2;

/// What a browser said of how to write to it.
#[derive(Debug, Clone)]
pub struct Device {
    key: [u8; POINT],
    auth: [u8; AUTH],
}

impl Device {
    /// None if these are not a point on the curve and a secret.
    pub fn of(p256dh: &[u8], auth: &[u8]) -> Option<Self> {
        let device = Self { key: p256dh.try_into().ok()?, auth: auth.try_into().ok()? };
        Exchange::with(&device.key).ok()?;
        Some(device)
    }

    /// What the push service carries; none if there are too many words.
    pub(super) fn seal(&self, words: &[u8]) -> Option<Vec<u8>> {
        if words.len() > MAX_WORDS_BYTES {
            return None;
        }
        Exchange::with(&self.key).and_then(|exchange| exchange.seal(self, words)).ok()
    }
}

/// This server's half of one message's secret.
struct Exchange {
    public: Vec<u8>,
    secret: Vec<u8>,
    salt: [u8; SALT],
}

impl Exchange {
    fn with(device: &[u8]) -> Result<Self, Unspecified> {
        let random = SystemRandom::new();
        let own = EphemeralPrivateKey::generate(&ECDH_P256, &random)?;
        let public = own.compute_public_key()?.as_ref().to_vec();
        let device = UnparsedPublicKey::new(&ECDH_P256, device);
        let secret = agree_ephemeral(own, &device, <[u8]>::to_vec)?;
        let mut salt = [0; SALT];
        random.fill(&mut salt)?;
        Ok(Self { public, secret, salt })
    }

    fn seal(&self, device: &Device, words: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let shared = Salt::new(HKDF_SHA256, &device.auth).extract(&self.secret);
        let material: [u8; 32] = expand(&shared, &[b"WebPush: info\0", &device.key, &self.public])?;
        let key = Salt::new(HKDF_SHA256, &self.salt).extract(&material);
        let content: [u8; 16] = expand(&key, &[b"Content-Encoding: aes128gcm\0"])?;
        let nonce: [u8; 12] = expand(&key, &[b"Content-Encoding: nonce\0"])?;
        let mut record = words.to_vec();
        record.push(LAST);
        // The key is of this message alone, and so is its nonce.
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &content)?);
        cipher.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)?;
        let length = u8::try_from(self.public.len()).map_err(|_| Unspecified)?;
        Ok([&self.salt, &RECORD.to_be_bytes()[..], &[length], &self.public, &record].concat())
    }
}

fn expand<const N: usize>(key: &Prk, info: &[&[u8]]) -> Result<[u8; N], Unspecified> {
    struct Length(usize);
    impl KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    let mut out = [0; N];
    key.expand(info, Length(N))?.fill(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_rfc_comes_out_byte_for_byte() {
        let device = Device {
            key: bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
                .try_into()
                .unwrap(),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap(),
        };
        let exchange = Exchange {
            public: bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"),
            secret: bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"),
            salt: bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap(),
        };
        let sealed = exchange.seal(&device, b"When I grow up, I want to be a watermelon").unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
                        AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(sealed), expected);
    }

    #[test]
    fn what_is_no_key_is_no_device() {
        let key = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        assert!(Device::of(&key, &[7; AUTH]).is_some());
        assert!(Device::of(&key, &[7; 15]).is_none());
        assert!(Device::of(&key[1..], &[7; AUTH]).is_none());
        let mut beside = key.clone();
        beside[64] ^= 1;
        assert!(Device::of(&beside, &[7; AUTH]).is_none(), "not on the curve");
    }

    #[test]
    fn a_message_is_as_long_as_push_services_take_and_never_the_same_twice() {
        let key = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let device = Device::of(&key, &[7; AUTH]).unwrap();
        assert_eq!(device.seal(&[b'x'; MAX_WORDS_BYTES]).unwrap().len(), RECORD as usize);
        assert!(device.seal(&[b'x'; MAX_WORDS_BYTES + 1]).is_none());
        assert_ne!(device.seal(b"hi"), device.seal(b"hi"));
    }
}

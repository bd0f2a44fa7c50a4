//! Pictures as they are taken in: read, turned upright, made small and written anew, so that nothing of the file as it
//! came is kept: no place and no serial number of a camera, and no bytes that are not the picture's.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use crate::MatterError;

/// Bytes of a file that is taken at most: several times what a phone's camera writes.
pub const FILE_BYTES_AT_MOST: u64 = 16 << 20;

/// Width and height of a picture that is read at most, in pixels.
const SIDE_AT_MOST: u32 = 12_000;
/// Memory that reading one picture may take, in bytes: a file of a few kilobytes can claim to be enormous.
const MEMORY_AT_MOST: u64 = 256 << 20;
/// The longer side of a picture that is kept, in pixels: enough to read a page of writing that was photographed.
const KEPT_SIDE: u32 = 2_048;
/// Quality of the JPEG that is kept, 1 to 100.
const KEPT_QUALITY: u8 = 82;

/// A picture that was read and written anew, ready to be attached.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub(super) bytes: Vec<u8>,
}

impl Picture {
    /// What every kept picture is.
    pub const MEDIA_TYPE: &'static str = "image/jpeg";

    /// Reads a JPEG, PNG or WebP file, on a thread of its own: this takes tens of milliseconds. Call it before the
    /// transaction is opened that attaches the picture.
    ///
    /// # Errors
    /// `FileTooLarge`; `NotAPicture`.
    pub async fn read(file: Vec<u8>) -> Result<Self, MatterError> {
        if u64::try_from(file.len()).unwrap_or(u64::MAX) > FILE_BYTES_AT_MOST {
            return Err(MatterError::FileTooLarge { limit_bytes: FILE_BYTES_AT_MOST });
        }
        let made = tokio::task::spawn_blocking(move || make(file)).await;
        made.map_err(MatterError::internal)?.ok_or(MatterError::NotAPicture)
    }

    /// The bytes that are kept.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Picture({} bytes)", self.bytes.len())
    }
}

/// The picture as it is kept; `None` if `file` is none that can be read within the limits. By its bytes, whatever its
/// name says.
fn make(file: Vec<u8>) -> Option<Picture> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_AT_MOST);
    limits.max_image_height = Some(SIDE_AT_MOST);
    limits.max_alloc = Some(MEMORY_AT_MOST);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let upright = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if picture.width().max(picture.height()) > KEPT_SIDE {
        picture = picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::Triangle);
    }
    picture.apply_orientation(upright);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, KEPT_QUALITY).encode_image(&picture.to_rgb8()).ok()?;
    Some(Picture { bytes })
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb, RgbImage};

    use super::*;

    fn file(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| {
            Rgb([x, y, 90].map(|part| u8::try_from(part % 256).unwrap()))
        });
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn size(picture: &Picture) -> (u32, u32) {
        let read = image::load_from_memory_with_format(picture.bytes(), ImageFormat::Jpeg).unwrap();
        (read.width(), read.height())
    }

    /// A JPEG with an Exif block that says "turn me by 90 degrees", and a word after it.
    fn turned() -> Vec<u8> {
        let plain = file(40, 20, ImageFormat::Jpeg);
        let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        exif.extend_from_slice(b"GPS-22.54-114.05");
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&plain[..2], &[0xFF, 0xE1], &length, &exif, &plain[2..]].concat()
    }

    #[tokio::test]
    async fn a_large_picture_is_made_small_and_a_small_one_stays() {
        let large = Picture::read(file(2560, 40, ImageFormat::Jpeg)).await.unwrap();
        assert_eq!(size(&large), (2048, 32));
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            assert_eq!(size(&Picture::read(file(64, 48, format)).await.unwrap()), (64, 48));
        }
    }

    #[tokio::test]
    async fn a_picture_is_turned_upright_and_what_the_camera_wrote_is_gone() {
        let file = turned();
        assert!(file.windows(4).any(|bytes| bytes == b"GPS-"));
        let picture = Picture::read(file).await.unwrap();
        assert_eq!(size(&picture), (20, 40));
        assert!(!picture.bytes().windows(4).any(|bytes| bytes == b"GPS-" || bytes == b"Exif"));
    }

    #[tokio::test]
    async fn what_is_no_picture_is_told() {
        let mut cut = file(64, 48, ImageFormat::Png);
        cut.truncate(40);
        for bytes in [Vec::new(), b"%PDF-1.7".to_vec(), b"<svg onload='x'/>".to_vec(), cut] {
            assert!(matches!(Picture::read(bytes).await, Err(MatterError::NotAPicture)));
        }
        let large = vec![0; usize::try_from(FILE_BYTES_AT_MOST).unwrap() + 1];
        assert!(matches!(Picture::read(large).await, Err(MatterError::FileTooLarge { .. })));
    }

    #[tokio::test]
    async fn a_file_that_claims_to_be_enormous_is_refused_without_being_read() {
        let mut png = file(8, 8, ImageFormat::Png);
        // Width and height stand behind the length and the name of the first chunk; its check sum follows.
        png[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
        assert!(matches!(Picture::read(png).await, Err(MatterError::NotAPicture)));
    }
}

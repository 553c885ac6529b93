//! Photos as they are kept: encoded anew, so that no place, device or thumbnail travels with them.
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// Longest side of a kept photo, in pixels.
pub const LONGEST_SIDE: u32 = 2560;
/// Most pixels that are decoded at all.
const MOST_PIXELS: u64 = 64_000_000;
/// Most memory that decoding one photo may take.
const MOST_MEMORY: u64 = 400 << 20;
const QUALITY: u8 = 85;

/// A photo encoded anew.
pub struct Picture {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its type, which may differ from what was uploaded.
    pub mime: &'static str,
}

/// The format of a type that is encoded anew.
fn format_of(mime: &str) -> Option<ImageFormat> {
    match mime {
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/png" => Some(ImageFormat::Png),
        "image/webp" => Some(ImageFormat::WebP),
        _ => None,
    }
}

/// Whether the type is one of a photo.
pub fn is_picture(mime: &str) -> bool {
    format_of(mime).is_some()
}

/// Turns the photo as its maker meant it, shrinks it to [`LONGEST_SIDE`] and encodes it without anything else.
///
/// JPEG stays JPEG and PNG stays PNG. WebP becomes one of the two: the encoder at hand writes it without loss only,
/// which makes a photo several times larger.
///
/// # Errors
/// In Chinese, when it cannot be decoded within the limits.
pub fn clean(mime: &str, bytes: &[u8]) -> Result<Picture, String> {
    let format = format_of(mime).ok_or("不是可以处理的图片")?;
    let mut image = decode(format, bytes).map_err(|error| match error {
        ImageError::Limits(_) => "图片的尺寸过大，请缩小后再上传".to_owned(),
        _ => "图片无法读取，文件可能已损坏".to_owned(),
    })?;
    if image.width().max(image.height()) > LONGEST_SIDE {
        image = image.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::Triangle);
    }
    let failed = |_: ImageError| "图片无法处理，请换一张".to_owned();
    let see_through = image.color().has_alpha();
    let mut out = vec![];
    let mime = match format {
        ImageFormat::Jpeg => "image/jpeg",
        ImageFormat::WebP if !see_through => "image/jpeg",
        _ => "image/png",
    };
    match mime {
        "image/jpeg" => {
            let plain = match image.color().has_color() {
                true => DynamicImage::from(image.into_rgb8()),
                false => DynamicImage::from(image.into_luma8()),
            };
            let encoder = JpegEncoder::new_with_quality(&mut out, QUALITY);
            plain.write_with_encoder(encoder).map_err(failed)?;
        }
        _ => {
            let plain = match see_through {
                true => DynamicImage::from(image.into_rgba8()),
                false => DynamicImage::from(image.into_rgb8()),
            };
            plain
                .write_with_encoder(PngEncoder::new(&mut out))
                .map_err(failed)?;
        }
    }
    Ok(Picture { bytes: out, mime })
}

fn decode(format: ImageFormat, bytes: &[u8]) -> Result<DynamicImage, ImageError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        let kind = image::error::LimitErrorKind::DimensionError;
        return Err(ImageError::Limits(image::error::LimitError::from_kind(kind)));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(image)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> DynamicImage {
        let mut image = image::RgbImage::new(width, height);
        image.put_pixel(0, 0, image::Rgb([255, 0, 0]));
        image.into()
    }

    fn encoded(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(vec![]);
        image.write_to(&mut bytes, format).expect("a picture");
        bytes.into_inner()
    }

    /// A JPEG whose EXIF says that it lies on its side and was taken at a place.
    fn photo_with_place() -> Vec<u8> {
        let plain = encoded(&picture(60, 20), ImageFormat::Jpeg);
        let mut tiff: Vec<u8> = b"MM\0\x2a\0\0\0\x08\0\x02".to_vec();
        tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"); // orientation 6: turned right
        tiff.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26"); // a GPS directory
        tiff.extend(b"\0\0\0\0");
        tiff.extend(b"GPSLATITUDE 39.9042");
        let mut exif = b"Exif\0\0".to_vec();
        exif.extend(tiff);
        let mut bytes = plain[..2].to_vec();
        bytes.extend([0xFF, 0xE1]);
        bytes.extend((exif.len() as u16 + 2).to_be_bytes());
        bytes.extend(exif);
        bytes.extend(&plain[2..]);
        bytes
    }

    fn contains(bytes: &[u8], text: &[u8]) -> bool {
        bytes.windows(text.len()).any(|part| part == text)
    }

    #[test]
    fn a_photo_is_turned_and_loses_its_place() {
        let photo = photo_with_place();
        assert!(contains(&photo, b"GPSLATITUDE"));
        let clean = clean("image/jpeg", &photo).expect("a photo");
        assert_eq!(clean.mime, "image/jpeg");
        for word in [&b"GPSLATITUDE"[..], b"Exif", b"39.9042"] {
            assert!(!contains(&clean.bytes, word));
        }
        let image = image::load_from_memory(&clean.bytes).expect("still a photo");
        assert_eq!((image.width(), image.height()), (20, 60), "turned upright");
        assert_eq!(
            super::clean("image/jpeg", &photo).expect("again").bytes,
            clean.bytes,
            "the same photo is kept once"
        );
    }

    #[test]
    fn text_in_a_png_is_left_behind() {
        let mut out = vec![];
        let mut encoder = png::Encoder::new(&mut out, 1, 1);
        encoder
            .add_text_chunk("Location".into(), "SECRETPLACE".into())
            .expect("a text");
        encoder
            .write_header()
            .and_then(|mut writer| writer.write_image_data(&[9]))
            .expect("a picture");
        assert!(contains(&out, b"SECRETPLACE"));
        let clean = clean("image/png", &out).expect("a picture");
        assert_eq!(clean.mime, "image/png");
        assert!(!contains(&clean.bytes, b"SECRETPLACE"));
    }

    #[test]
    fn large_photos_shrink_and_keep_their_form() {
        let clean = clean("image/png", &encoded(&picture(5120, 1280), ImageFormat::Png)).expect("a picture");
        let image = image::load_from_memory(&clean.bytes).expect("a picture");
        assert_eq!((image.width(), image.height()), (2560, 640));
    }

    #[test]
    fn webp_becomes_what_every_office_opens() {
        let opaque = clean("image/webp", &encoded(&picture(8, 8), ImageFormat::WebP)).expect("a picture");
        assert_eq!(opaque.mime, "image/jpeg");
        let glass = DynamicImage::from(image::RgbaImage::new(8, 8));
        let clear = clean("image/webp", &encoded(&glass, ImageFormat::WebP)).expect("a picture");
        assert_eq!(clear.mime, "image/png");
    }

    #[test]
    fn bombs_and_ruins_are_refused() {
        // A PNG that claims to be 50,000 pixels wide and high.
        let mut bomb = encoded(&picture(1, 1), ImageFormat::Png);
        bomb[16..24].copy_from_slice(&[0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50]);
        let checksum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert!(
            clean("image/png", &bomb)
                .err()
                .expect("refused")
                .contains("尺寸过大")
        );
        let mut ruin = encoded(&picture(64, 64), ImageFormat::Jpeg);
        ruin.truncate(40);
        assert!(
            clean("image/jpeg", &ruin)
                .err()
                .expect("refused")
                .contains("损坏")
        );
    }

    fn crc(bytes: &[u8]) -> u32 {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        crc.sum()
    }
}

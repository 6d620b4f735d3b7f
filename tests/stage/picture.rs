use crate::Stage;
use anyhow::{Context, Result, ensure};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, ImageFormat, ImageOrder, InputFocus};

impl Stage {
    /// What is on the screen, as a PNG.
    ///
    /// # Errors
    /// When the X server does not answer, or not with 32 bits a pixel.
    pub fn picture(&self) -> Result<Vec<u8>> {
        let (server, screen) = x11rb::connect(Some(self.display()))?;
        let setup = server.setup();
        let screen = setup.roots.get(screen).context("the X server has no screen")?;
        let (width, height) = (screen.width_in_pixels, screen.height_in_pixels);
        let image = server.get_image(ImageFormat::Z_PIXMAP, screen.root, 0, 0, width, height, u32::MAX)?.reply()?;
        let pixels = usize::from(width) * usize::from(height);
        ensure!(
            image.data.len() == 4 * pixels && setup.image_byte_order == ImageOrder::LSB_FIRST,
            "a picture needs a screen of 32 bits a pixel, the lowest byte first"
        );
        let rgb: Vec<u8> = image.data.chunks_exact(4).flat_map(|p| [p[2], p[1], p[0]]).collect();
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width.into(), height.into());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.write_header()?.write_image_data(&rgb)?;
        Ok(file)
    }

    /// Takes the keyboard's focus from whatever window has it: from now on no window hears the keys, until one asks to.
    ///
    /// # Errors
    /// When the X server does not answer.
    pub fn unfocus(&self) -> Result<()> {
        let (server, _) = x11rb::connect(Some(self.display()))?;
        server.set_input_focus(InputFocus::NONE, x11rb::NONE, x11rb::CURRENT_TIME)?.check()?;
        Ok(())
    }
}

//! Configurations of one shape, as text with gaps.

/// A configuration that is a text around some values.
macro_rules! config {
    ($($part:expr),*) => { concat!($($part),*) };
}

/// E5: small and dense, by the squared error, as PCA is.
macro_rules! compared {
    ($latent:literal) => {
        config!(
            r#"{"family":"ae","encoder":{"kind":"dense","hidden":[64,32]},"likelihood":"gaussian","latent":"#,
            $latent,
            r#","output_bias":"map","training":{"learning_rate":0.002}}"#
        )
    };
}

/// E5: PCA is the linear autoencoder at its best.
macro_rules! pca {
    ($latent:literal) => {
        config!(
            r#"{"family":"ae","encoder":{"kind":"dense","hidden":[]},"likelihood":"gaussian","output":"linear","latent":"#,
            $latent,
            "}"
        )
    };
}

/// E6, E9: the tiny network.
macro_rules! small {
    ($family:literal, $latent:literal, $rest:literal) => {
        config!(
            r#"{"family":""#,
            $family,
            r#"","encoder":{"kind":"conv","channels":[16,32]},"output_bias":"map","latent":"#,
            $latent,
            $rest,
            r#","training":{"learning_rate":0.004,"rate_warm_up":20,"kl_warm_up":200}}"#
        )
    };
}

/// E7: smaller still, for there are seven.
macro_rules! sized {
    ($latent:literal) => {
        config!(
            r#"{"family":"ae","encoder":{"kind":"conv","channels":[8,16]},"output_bias":"map","latent":"#,
            $latent,
            r#","training":{"learning_rate":0.004,"rate_warm_up":20}}"#
        )
    };
}

/// E10, E11: the networks of paper 003.
macro_rules! garments {
    ($family:literal, $beta:literal) => {
        config!(
            r#"{"family":""#,
            $family,
            r#"","encoder":{"kind":"conv","channels":[32,64,128]},"latent":2,"image":[32,32],
                "decoder":{"kind":"conv","channels":[128,128,64,32],"upsample":"transposed"},
                "training":{"batch_size":100,"beta":"#,
            $beta,
            "}}"
        )
    };
}

/// E12: the same but for the head.
macro_rules! headed {
    ($head:literal) => {
        config!(
            r#"{"family":"vae","encoder":{"kind":"conv","channels":[16,32,64]},"latent":2,"output_bias":"map",
                "decoder":{"kind":"conv","channels":[32,16]},"head":""#,
            $head,
            r#"","training":{"learning_rate":0.003,"rate_warm_up":20,"kl_warm_up":200}}"#
        )
    };
}

/// E13: by the squared error.
macro_rules! squared {
    ($family:literal, $sigma_x:literal) => {
        config!(
            r#"{"family":""#,
            $family,
            r#"","encoder":{"kind":"dense","hidden":[64]},"latent":2,"likelihood":"gaussian","sigma_x":"#,
            $sigma_x,
            "}"
        )
    };
}

/// E14 to E17: convolutions down to 7 x 7 cells and back.
macro_rules! coded {
    ($family:literal, $rest:literal, $beta:literal) => {
        config!(
            r#"{"family":""#,
            $family,
            r#"","encoder":{"kind":"conv","channels":[16,32]}"#,
            $rest,
            r#","training":{"learning_rate":0.004,"beta":"#,
            $beta,
            "}}"
        )
    };
}

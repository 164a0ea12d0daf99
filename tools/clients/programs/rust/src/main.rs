//! Says who the environment's credentials are, as any program with the AWS SDK for Rust would.

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let config = aws_config::load_from_env().await;
    let client = aws_sdk_sts::Client::new(&config);
    match client.get_caller_identity().send().await {
        Ok(answer) => println!(
            "{} {}",
            aws_sdk_sts::meta::PKG_VERSION,
            answer.arn().unwrap_or_default()
        ),
        Err(error) => {
            eprintln!("{error:?}");
            std::process::exit(1);
        }
    }
}

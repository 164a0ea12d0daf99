# Says who the environment's credentials are, as any configuration with the provider for AWS would.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

data "aws_caller_identity" "caller" {}

output "arn" {
  value = data.aws_caller_identity.caller.arn
}

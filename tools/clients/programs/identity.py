# Says who the environment's credentials are, as any program with boto3 would.
import boto3

print(boto3.__version__, boto3.client('sts').get_caller_identity()['Arn'])

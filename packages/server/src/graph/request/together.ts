import type { Actor } from './trust-question.ts'

/**
 * Calls that only use or change what an earlier call of a technique has made or changed: they pass no role, and need not be
 * made by who made the first call. Another principal that the attacker holds may make them. [PSR-20]
 */
export const followingCalls: ReadonlySet<string> = new Set(
  [
    'amplify:CreateBranch',
    'amplify:StartJob',
    'apigateway:POST',
    'appstream:CreateImageBuilderStreamingURL',
    'appstream:CreateStreamingURL',
    'appsync:CreateResolver',
    'athena:StartCalculationExecution',
    'batch:SubmitJob',
    'bedrock-agentcore:ConnectBrowserAutomationStream',
    'bedrock-agentcore:InvokeAgentRuntimeCommand',
    'bedrock-agentcore:InvokeAgentRuntimeCommandShell',
    'bedrock-agentcore:InvokeCodeInterpreter',
    'bedrock-agentcore:StartBrowserSession',
    'bedrock-agentcore:StartCodeInterpreterSession',
    'bedrock:InvokeAgent',
    'cloudformation:CreateStackInstances',
    'cloudformation:ExecuteChangeSet',
    'codebuild:StartBuild',
    'codebuild:StartBuildBatch',
    'codedeploy:GetDeploymentConfig',
    'codedeploy:RegisterApplicationRevision',
    'codepipeline:StartPipelineExecution',
    'ec2:AttachVolume',
    'ec2:ModifyLaunchTemplate',
    'ec2:StartInstances',
    'ec2:StopInstances',
    'ecr:PutImage',
    'eks:AssociateAccessPolicy',
    'glue:CreateTrigger',
    'glue:RunStatement',
    'glue:StartJobRun',
    'iam:AddUserToGroup',
    'iam:AttachGroupPolicy',
    'iam:AttachRolePolicy',
    'iam:AttachUserPolicy',
    'iam:CreateAccessKey',
    'iam:CreateLoginProfile',
    'iam:CreatePolicy',
    'iam:DeleteAccessKey',
    'iam:EnableMFADevice',
    'iam:PutGroupPolicy',
    'iam:PutRolePolicy',
    'iam:PutUserPolicy',
    'iot:AttachPolicy',
    'iot:CreateKeysAndCertificate',
    'iot:CreatePolicy',
    'kafkaconnect:CreateCustomPlugin',
    'kinesisanalytics:StartApplication',
    'lambda:AddPermission',
    'lambda:CreateEventSourceMapping',
    'lambda:CreateFunctionUrlConfig',
    'lambda:InvokeAsync',
    'lambda:InvokeFunction',
    'lambda:InvokeFunctionUrl',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionUrlConfig',
    'sagemaker:CreateApp',
    'sagemaker:CreateEndpoint',
    'sagemaker:CreateEndpointConfig',
    'sagemaker:CreateNotebookInstanceLifecycleConfig',
    'sagemaker:CreatePresignedDomainUrl',
    'sagemaker:CreatePresignedNotebookInstanceUrl',
    'sagemaker:CreateTransformJob',
    'sagemaker:StartNotebookInstance',
    'sagemaker:StartPipelineExecution',
    'sagemaker:StopNotebookInstance',
    'ssm-incidents:StartIncident',
    'ssm:CreateDocument',
    'ssm:UpdateDocumentDefaultVersion',
    'states:StartExecution',
    'states:StartSyncExecution',
    'synthetics:StartCanary',
  ].map((action) => action.toLowerCase()),
)

/** The actor that makes the calls of an action: another one that helps, or the actor itself. */
export function callerFor(actor: Actor, action: string): Actor {
  return actor.helpers?.get(action.toLowerCase()) ?? actor
}

/** Everyone who makes calls: the actor first. */
export function callersOf(actor: Actor): readonly Actor[] {
  return actor.helpers === undefined ? [actor] : [actor, ...new Set(actor.helpers.values())]
}

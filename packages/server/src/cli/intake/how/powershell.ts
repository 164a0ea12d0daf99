import { type FetchPart, type FetchStep, fetchParts, fetchSteps, setCalls } from './steps.ts'

/** The same script for PowerShell. It contains nothing from outside. */
export function powershellScript(): string {
  return `${head}${fetchParts.map(section).join('\n')}${tail}`
}

const head = `# Fetches what 'omen import' takes from an AWS account, with the AWS CLI and your credentials. Every call only reads.
# One call is made for each user and each policy: a large account takes some minutes. The script for bash is tested
# against the AWS CLI; this one is not: if it fails, use the other one.
#
#   ./fetch.ps1 [-Folder aws-dump] [-Parts iam,organization] [-Regions eu-west-1,us-east-1]
#   omen import aws-dump --dry-run
param(
  [string]$Folder = 'aws-dump',
  [string[]]$Parts = @(${fetchParts.map((part) => `'${part}'`).join(', ')}),
  [string[]]$Regions = @()
)
$env:AWS_PAGER = ''
$arn = aws sts get-caller-identity --query Arn --output text
if ($LASTEXITCODE -ne 0) { exit 1 }
$partition = $arn.Split(':')[1]
$account = $arn.Split(':')[4]
if ($Regions.Count -eq 0) { $Regions = @($env:AWS_REGION, $env:AWS_DEFAULT_REGION, (aws configure get region)) | Where-Object { $_ } | Select-Object -First 1 }
$target = Join-Path $Folder $account
New-Item -ItemType Directory -Force -Path $target | Out-Null

function Write-Answer([string]$File, [string]$Text) {
  $path = Join-Path (Resolve-Path $target) "$File.json"
  [IO.File]::WriteAllText($path, $Text, (New-Object Text.UTF8Encoding $false))
}
# The answer of a call; nothing, with a note, where it is refused
function Get-Answer([string[]]$Command) {
  $lines = & aws @Command --output json 2>&1
  if ($LASTEXITCODE -ne 0) { [Console]::Error.WriteLine("not fetched: $Command: $lines"); return $null }
  if (-not $lines) { return '{}' }
  return ($lines -join "\`n")
}
function Add-Request([string]$Parameters, [string]$Answer, [string[]]$Command) {
  return '{"request":{"account":"' + $account + '","partition":"' + $partition + '","region":"' + $env:AWS_REGION + '","call":"' + $Command[0] + ' ' + $Command[1] + '","input":' + $Parameters + '},"answer":' + $Answer + '}'
}
function Save([string]$File, [string[]]$Command) {
  $answer = Get-Answer $Command
  if ($answer) { Write-Answer $File $answer }
}
function Save-Asked([string]$File, [string[]]$Command) {
  $answer = Get-Answer $Command
  if ($answer) { Write-Answer $File (Add-Request '{}' $answer $Command) }
}
function Get-Names([string]$Query, [string[]]$Command) {
  $text = & aws @Command --query $Query --output text 2>$null
  return @(($text -join "\`t").Split("\`t") | Where-Object { $_ -and $_ -ne 'None' -and $_ -notmatch '^fileb?://' })
}
function Save-Each([string]$File, [bool]$WithRequest, [string]$Parameter, [string]$Option, [string[]]$Names, [string[]]$Command) {
  $answers = @()
  foreach ($name in $Names) {
    $answer = Get-Answer ($Command + @("$Option=$name"))
    if (-not $answer) { continue }
    if ($WithRequest) { $answer = Add-Request ('{"' + $Parameter + '":"' + $name.Replace('\\', '\\\\').Replace('"', '\\"') + '"}') $answer $Command }
    $answers += $answer
  }
  if ($answers.Count -gt 0) { Write-Answer $File ('[' + ($answers -join ',') + ']') }
}

`

const tail = `
[Console]::Error.WriteLine("fetched into ${'$'}{Folder}: omen import $Folder --dry-run")
`

const before: Readonly<Record<string, string>> = {
  'credential-report': `  for ($i = 0; $i -lt 10; $i++) {
    if ((aws iam generate-credential-report --query State --output text 2>$null) -eq 'COMPLETE') { break }
    Start-Sleep -Seconds 2
  }
`,
}

const organizationTree = `  # units and accounts, from the root down
  $parents = Get-Names 'Roots[].Id' @('organizations', 'list-roots')
  for ($depth = 0; $parents.Count -gt 0 -and $depth -le 6; $depth++) {
    Save-Each "units-$depth" $true ParentId '--parent-id' $parents @('organizations', 'list-organizational-units-for-parent')
    Save-Each "members-$depth" $true ParentId '--parent-id' $parents @('organizations', 'list-accounts-for-parent')
    $below = @()
    foreach ($parent in $parents) { $below += Get-Names 'OrganizationalUnits[].Id' @('organizations', 'list-organizational-units-for-parent', '--parent-id', $parent) }
    $parents = $below
  }
`

const centerSets = setCalls
  .map(
    ([file, call]) =>
      `    Save-Each 'center-${file}' $true PermissionSetArn '--permission-set-arn' $sets @('sso-admin', '${call}', '--instance-arn', $instance)\n`,
  )
  .join('')

const centerTree = `  # the directory, permission sets, and who has them where
  $instance = (Get-Names 'Instances[0].InstanceArn' @('sso-admin', 'list-instances')) | Select-Object -First 1
  $store = (Get-Names 'Instances[0].IdentityStoreId' @('sso-admin', 'list-instances')) | Select-Object -First 1
  if ($instance) {
    $own = @('--identity-store-id', $store)
    Save-Asked 'center-users' (@('identitystore', 'list-users') + $own)
    Save-Asked 'center-groups' (@('identitystore', 'list-groups') + $own)
    Save-Each 'center-members' $true GroupId '--group-id' (Get-Names 'Groups[].GroupId' (@('identitystore', 'list-groups') + $own)) (@('identitystore', 'list-group-memberships') + $own)
    Save-Each 'center-attributes' $true InstanceArn '--instance-arn' @($instance) @('sso-admin', 'describe-instance-access-control-attribute-configuration')
    $applications = Get-Names 'applications[].applicationArn' @('account-access', 'list-applications')
    Save-Each 'center-entitlements' $true applicationArn '--application-arn' $applications @('account-access', 'list-entitlements', '--filter', 'principalRole={}')
    $sets = Get-Names 'PermissionSets[]' @('sso-admin', 'list-permission-sets', '--instance-arn', $instance)
${centerSets}    $number = 0
    foreach ($set in $sets) {
      $number++
      $both = @('--instance-arn', $instance, '--permission-set-arn', $set)
      $accounts = Get-Names 'AccountIds[]' (@('sso-admin', 'list-accounts-for-provisioned-permission-set') + $both)
      Save-Each "center-assignments-$number" $true AccountId '--account-id' $accounts (@('sso-admin', 'list-account-assignments') + $both)
    }
  }
`

/** The calls that a part makes besides its steps. */
const further: Partial<Readonly<Record<FetchPart, string>>> = {
  organization: organizationTree,
  'identity-center': centerTree,
}

/** The tasks and services of each cluster of ECS: a call names both. */
const tasks = `    $number = 0
    foreach ($cluster in (Get-Names 'clusterArns[]' @('ecs', 'list-clusters'))) {
      $number++
      Save-Each "inventory-tasks-$number" $true 'tasks' '--tasks' (Get-Names 'taskArns[]' @('ecs', 'list-tasks', '--cluster', $cluster)) @('ecs', 'describe-tasks', '--cluster', $cluster)
      Save-Each "inventory-services-$number" $true 'services' '--services' (Get-Names 'serviceArns[]' @('ecs', 'list-services', '--cluster', $cluster)) @('ecs', 'describe-services', '--cluster', $cluster)
    }
`

/** The associations of pods in each cluster of EKS: their list has no roles. */
const pods = `    $number = 0
    foreach ($cluster in (Get-Names 'clusters[]' @('eks', 'list-clusters'))) {
      $number++
      Save-Each "inventory-pods-$number" $true 'associationId' '--association-id' (Get-Names 'associations[].associationId' @('eks', 'list-pod-identity-associations', '--cluster-name', $cluster)) @('eks', 'describe-pod-identity-association', '--cluster-name', $cluster)
    }
`

function section(part: FetchPart): string {
  const steps = fetchSteps.filter((step) => step.part === part)
  const global = steps.filter((step) => step.regional !== true).map((step) => line(step, '  '))
  const regional = steps.filter((step) => step.regional === true).map((step) => line(step, '    '))
  const loop =
    regional.length === 0
      ? ''
      : `  foreach ($region in $Regions) {
    $target = Join-Path (Join-Path $Folder $account) $region
    New-Item -ItemType Directory -Force -Path $target | Out-Null
    $env:AWS_REGION = $region
    $env:AWS_DEFAULT_REGION = $region
${regional.join('')}${part === 'inventory' ? `${tasks}${pods}` : ''}  }
  $target = Join-Path $Folder $account
`
  return `if ($Parts -contains '${part}') {\n${global.join('')}${further[part] ?? ''}${loop}}\n`
}

function line({ file, call, each, withRequest }: FetchStep, indent: string): string {
  const list = (words: readonly string[]) => `@(${words.map((word) => `'${word}'`).join(', ')})`
  const first = before[file] ?? ''
  if (each === undefined)
    return `${first}${indent}${withRequest === true ? 'Save-Asked' : 'Save'} '${file}' ${list(call)}\n`
  const { of, query, option, input } = each
  const isAsked = withRequest === true ? '$true' : '$false'
  return `${indent}Save-Each '${file}' ${isAsked} '${input}' '${option}' (Get-Names '${query}' ${list(of)}) ${list(call)}\n`
}

import { type FetchPart, type FetchStep, fetchParts, fetchSteps, setCalls } from './steps.ts'

/** A script for bash that fetches everything with the AWS CLI. It contains nothing from outside. */
export function bashScript(): string {
  return `${head}${sections()}${tail}`
}

const head = `#!/usr/bin/env bash
# Fetches what 'omen import' takes from an AWS account, with the AWS CLI and your credentials. Every call only reads.
# One call is made for each user and each policy: a large account takes some minutes.
#
#   bash fetch.sh [FOLDER]                      default: aws-dump
#   PARTS="iam organization" bash fetch.sh      default: ${fetchParts.join(' ')}
#   REGIONS="eu-west-1 us-east-1" bash fetch.sh default: the region of your profile
#   omen import FOLDER --dry-run
set -u
umask 077
out=\${1:-aws-dump}
parts=\${PARTS:-${fetchParts.join(' ')}}
export AWS_PAGER=
export AWS_DEFAULT_OUTPUT=json
arn=$(aws sts get-caller-identity --query Arn --output text) || exit 1
partition=$(echo "$arn" | cut -d: -f2)
account=$(echo "$arn" | cut -d: -f5)
regions=\${REGIONS:-\${AWS_REGION:-\${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}}
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
folder=$out/$account
mkdir -p "$folder"

# Says what cannot be fetched, and goes on: an account has no password policy, or you may not read it.
note() { echo "not fetched: $*: $(tr '\\n' ' ' <"$errors" | tail -c 300)" | tr -cd '[:print:]\\n' >&2; }

# in_json TEXT: as a text of JSON, without its quotes
in_json() {
  local text=\${1//\\\\/\\\\\\\\}
  printf '%s' "\${text//\\"/\\\\\\"}"
}

# fetch FILE COMMAND...: the answer as it is
fetch() {
  local file=$1; shift
  if aws "$@" --output json >"$folder/$file.part" 2>"$errors"; then mv "$folder/$file.part" "$folder/$file.json"
  else rm -f "$folder/$file.part"; note "$@"; fi
}

# ask INPUT COMMAND...: the answer with its request, on standard output
ask() {
  local input=$1 answer; shift
  if answer=$(aws "$@" --output json 2>"$errors"); then
    printf '{"request":{"account":"%s","partition":"%s","region":"%s","call":"%s","input":%s},"answer":%s}' \\
      "$account" "$partition" "\${AWS_REGION:-}" "$1 $2" "$input" "\${answer:-{\\}}"
  else note "$@"; return 1; fi
}

# asked FILE COMMAND...
asked() {
  local file=$1 answer; shift
  if answer=$(ask '{}' "$@"); then printf '%s\\n' "$answer" >"$folder/$file.json"; fi
}

# names QUERY COMMAND...: one name a line; the AWS CLI would read a file in the place of file://NAME
names() {
  local query=$1; shift
  aws "$@" --query "$query" --output text 2>"$errors" | tr '\\t' '\\n' | grep -vE '^(None$|fileb?://)' || true
}

# each FILE WITH-REQUEST PARAMETER OPTION NAMES COMMAND...: one answer for each name, as a list
each() {
  local file=$1 wrap=$2 parameter=$3 option=$4 all=$5 answer separator=; shift 5
  [ -n "$all" ] || return 0
  {
    printf '['
    while IFS= read -r name; do
      if [ "$wrap" = 1 ]; then answer=$(ask "{\\"$parameter\\":\\"$(in_json "$name")\\"}" "$@" "$option=$name") || continue
      elif ! answer=$(aws "$@" "$option=$name" --output json 2>"$errors"); then note "$@" "$name"; continue; fi
      [ -n "$answer" ] || continue
      printf '%s%s\\n' "$separator" "$answer"
      separator=,
    done <<<"$all"
    printf ']\\n'
  } >"$folder/$file.json"
}

has() { case " $parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

`

const tail = `
echo "fetched into $out: omen import $out --dry-run" >&2
`

/** The requirement of a step. */
const before: Readonly<Record<string, string>> = {
  'credential-report': `  for _ in 1 2 3 4 5 6 7 8 9 10; do
    [ "$(aws iam generate-credential-report --query State --output text 2>"$errors")" = COMPLETE ] && break
    sleep 2
  done
`,
}

const organizationTree = `  # units and accounts, from the root down
  parents=$(names 'Roots[].Id' organizations list-roots)
  depth=0
  while [ -n "$parents" ] && [ "$depth" -le 6 ]; do
    each "units-$depth" 1 ParentId --parent-id "$parents" organizations list-organizational-units-for-parent
    each "members-$depth" 1 ParentId --parent-id "$parents" organizations list-accounts-for-parent
    below=
    while IFS= read -r parent; do
      below="$below$(names 'OrganizationalUnits[].Id' organizations list-organizational-units-for-parent --parent-id "$parent")
"
    done <<<"$parents"
    parents=$(printf '%s' "$below" | grep . || true)
    depth=$((depth + 1))
  done
`

const centerSets = setCalls
  .map(
    ([file, call]) =>
      `    each center-${file} 1 PermissionSetArn --permission-set-arn "$sets" sso-admin ${call} --instance-arn "$instance"\n`,
  )
  .join('')

const centerTree = `  # the directory, permission sets, and who has them where
  instance=$(names 'Instances[0].InstanceArn' sso-admin list-instances)
  store=$(names 'Instances[0].IdentityStoreId' sso-admin list-instances)
  if [ -n "$instance" ]; then
    asked center-users identitystore list-users --identity-store-id "$store"
    asked center-groups identitystore list-groups --identity-store-id "$store"
    groups=$(names 'Groups[].GroupId' identitystore list-groups --identity-store-id "$store")
    each center-members 1 GroupId --group-id "$groups" identitystore list-group-memberships --identity-store-id "$store"
    each center-attributes 1 InstanceArn --instance-arn "$instance" sso-admin describe-instance-access-control-attribute-configuration
    applications=$(names 'applications[].applicationArn' account-access list-applications)
    each center-entitlements 1 applicationArn --application-arn "$applications" account-access list-entitlements --filter 'principalRole={}'
    sets=$(names 'PermissionSets[]' sso-admin list-permission-sets --instance-arn "$instance")
${centerSets}    number=0
    while IFS= read -r set; do
      [ -n "$set" ] || continue
      number=$((number + 1))
      accounts=$(names 'AccountIds[]' sso-admin list-accounts-for-provisioned-permission-set --instance-arn "$instance" --permission-set-arn "$set")
      each "center-assignments-$number" 1 AccountId --account-id "$accounts" sso-admin list-account-assignments --instance-arn "$instance" --permission-set-arn "$set"
    done <<<"$sets"
  fi
`

/** The calls that a part makes besides its steps. */
const further: Partial<Readonly<Record<FetchPart, string>>> = {
  organization: organizationTree,
  'identity-center': centerTree,
}

function sections(): string {
  return fetchParts.map(section).join('\n')
}

function section(part: FetchPart): string {
  const steps = fetchSteps.filter((step) => step.part === part)
  const listed = new Set<string>()
  const line = (step: FetchStep, indent: string) => lineOf(step, indent, listed)
  const global = steps.filter((step) => step.regional !== true).map((step) => line(step, '  '))
  const regional = steps.filter((step) => step.regional === true).map((step) => line(step, '    '))
  const loop =
    regional.length === 0
      ? ''
      : `  for region in $regions; do
    folder=$out/$account/$region
    mkdir -p "$folder"
    export AWS_REGION=$region AWS_DEFAULT_REGION=$region
${regional.join('')}${part === 'inventory' ? `${tasks}${pods}` : ''}  done
  folder=$out/$account
`
  return `if has ${part}; then\n${global.join('')}${further[part] ?? ''}${loop}fi\n`
}

/** A word of a command. What the shell would expand is quoted. */
function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word}'`
}

/** The tasks and services of each cluster of ECS: a call names both. */
const tasks = `    number=0
    while IFS= read -r cluster; do
      [ -n "$cluster" ] || continue
      number=$((number + 1))
      tasks=$(names 'taskArns[]' ecs list-tasks --cluster "$cluster")
      each "inventory-tasks-$number" 1 tasks --tasks "$tasks" ecs describe-tasks --cluster "$cluster"
      services=$(names 'serviceArns[]' ecs list-services --cluster "$cluster")
      each "inventory-services-$number" 1 services --services "$services" ecs describe-services --cluster "$cluster"
    done <<<"$all_ecs_list_clusters"
`

/** The associations of pods in each cluster of EKS: their list has no roles. */
const pods = `    number=0
    while IFS= read -r cluster; do
      [ -n "$cluster" ] || continue
      number=$((number + 1))
      associations=$(names 'associations[].associationId' eks list-pod-identity-associations --cluster-name "$cluster")
      each "inventory-pods-$number" 1 associationId --association-id "$associations" eks describe-pod-identity-association --cluster-name "$cluster"
    done <<<"$all_eks_list_clusters"
`

/** The command of a step; names that several steps need are listed once. */
function lineOf({ file, call, each, withRequest }: FetchStep, indent: string, listed: Set<string>): string {
  const command = call.map(quoted).join(' ')
  const first = before[file] ?? ''
  if (each === undefined)
    return `${first}${indent}${withRequest === true ? 'asked' : 'fetch'} ${file} ${command}\n`
  const { of, query, option, input } = each
  const variable = `all_${of
    .join('_')
    .replace(/[^A-Za-z]+/g, '_')
    .toLowerCase()}`
  const list = listed.has(variable) ? '' : `${indent}${variable}=$(names '${query}' ${of.join(' ')})\n`
  listed.add(variable)
  return `${first}${list}${indent}each ${file} ${withRequest === true ? 1 : 0} ${input} ${option} "$${variable}" ${command}\n`
}

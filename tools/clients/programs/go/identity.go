// Says who the environment's credentials are, as any program with the AWS SDK for Go v2 would.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func main() {
	ctx := context.Background()
	loaded, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(1))
	if err == nil {
		var answer *sts.GetCallerIdentityOutput
		answer, err = sts.NewFromConfig(loaded).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err == nil {
			fmt.Println(aws.SDKVersion, aws.ToString(answer.Arn))
			return
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

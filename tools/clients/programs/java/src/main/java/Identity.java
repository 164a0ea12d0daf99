import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.sts.StsClient;

/** Says who the environment's credentials are, as any program with the AWS SDK for Java 2 would. */
public class Identity {
  public static void main(String[] args) {
    try (StsClient sts = StsClient.create()) {
      System.out.println(VersionInfo.SDK_VERSION + " " + sts.getCallerIdentity().arn());
    }
  }
}

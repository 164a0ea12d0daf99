# Says who the environment's credentials are, as any program with the AWS SDK for Ruby would.
require 'socket'

# Calls that would leave the machine end here.
module Fence
  def open(host, ...)
    raise SocketError, "#{host} is not called" unless host == 'localhost' || host.start_with?('127.')

    super
  end
end
TCPSocket.singleton_class.prepend(Fence)

require 'aws-sdk-core'

arn = Aws::STS::Client.new(retry_limit: 0).get_caller_identity.arn
puts "#{Aws::CORE_GEM_VERSION} #{arn}"

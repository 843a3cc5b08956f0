/* Follows core/comm/config.go, and grpc 1.15 where it looks at the length of messages. */
#include "model/comm/config.h"

struct rt_error *comm_check_received(size_t size)
{
    return size <= COMM_MAX_RECV_MSG_SIZE
                   ? NULL
                   : rt_errorf("grpc: received message larger than max (%zu vs. %zu)", size,
                             COMM_MAX_RECV_MSG_SIZE);
}

struct rt_error *comm_check_sent(size_t size, size_t max)
{
    return size <= max
                   ? NULL
                   : rt_errorf("trying to send message larger than max (%zu vs. %zu)", size, max);
}

struct rt_error *comm_check_answer(size_t size)
{
    return size <= COMM_MAX_SEND_MSG_SIZE
                   ? NULL
                   : rt_errorf("grpc: trying to send message larger than max (%zu vs. %zu)", size,
                             COMM_MAX_SEND_MSG_SIZE);
}

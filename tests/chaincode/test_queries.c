/* Range, rich and history queries: batches, pages, iterators and when they are closed. By the
 * query half of core/chaincode/handler.go and query_response_generator.go. A batch is of two
 * here. */
#include "tests/chaincode/helper_handler.h"

static rt_bytes page_of(int32_t size, const char *bookmark)
{
    Protos__QueryMetadata metadata = PROTOS__QUERY_METADATA__INIT;
    metadata.pagesize = size;
    metadata.bookmark = rt_str_from(bookmark);
    return WIRE_MARSHAL_OR_PANIC(&metadata);
}

static rt_str range(struct peer_side *p, const char *collection, rt_bytes metadata)
{
    Protos__GetStateByRange get = PROTOS__GET_STATE_BY_RANGE__INIT;
    get.collection = rt_str_from(collection);
    get.startkey = RT_STR("a");
    get.endkey = RT_STR("z");
    get.metadata = metadata;
    return ASK_QUERY(p, GET_STATE_BY_RANGE, &get);
}

static rt_str rich(struct peer_side *p, const char *collection, rt_bytes metadata)
{
    Protos__GetQueryResult get = PROTOS__GET_QUERY_RESULT__INIT;
    get.collection = rt_str_from(collection);
    get.query = RT_STR("q");
    get.metadata = metadata;
    return ASK_QUERY(p, GET_QUERY_RESULT, &get);
}

static rt_str history(struct peer_side *p)
{
    Protos__GetHistoryForKey get = PROTOS__GET_HISTORY_FOR_KEY__INIT;
    get.key = RT_STR("a");
    return ASK_QUERY(p, GET_HISTORY_FOR_KEY, &get);
}

#define UUID "00000000-0000-4000-8000-00000000000"

static rt_str more(struct peer_side *p, const char *id)
{
    Protos__QueryStateNext next = PROTOS__QUERY_STATE_NEXT__INIT;
    next.id = rt_str_cat(RT_STR(UUID), rt_str_from(id));
    return ASK_QUERY(p, QUERY_STATE_NEXT, &next);
}

static rt_str closes(struct peer_side *p, const char *id)
{
    Protos__QueryStateClose close = PROTOS__QUERY_STATE_CLOSE__INIT;
    close.id = rt_str_cat(RT_STR(UUID), rt_str_from(id));
    return ASK_QUERY(p, QUERY_STATE_CLOSE, &close);
}

#define NOT_FOUND "| ERROR QUERY_STATE_NEXT failed: transaction ID: tx1: query iterator not found"

/* The result that does not fit any more is the first of the next batch. */
static void batches(struct peer_side *p)
{
    p->results = 5;
    assert_text(range(p, "", RT_NIL), "range(mycc,a,z) next next next | k0 k1 more #1");
    assert_text(more(p, "1"), "next next | k2 k3 more #1");
    assert_text(more(p, "1"), "next close | k4 #1");
    assert_text(more(p, "1"), NOT_FOUND);
}

/* A full batch that is the last one is found out by the next read. */
static void exact_batches(struct peer_side *p)
{
    p->results = 2;
    assert_text(range(p, "", RT_NIL), "range(mycc,a,z) next next next close | k0 k1 #1");
    p->results = 0;
    assert_text(range(p, "", RT_NIL), "range(mycc,a,z) next close | #2");
    p->results = 1;
    assert_text(rich(p, "", RT_NIL), "rich(mycc,q) next next close | k0 #3");
    assert_text(history(p), "history(mycc,a) next next close | k0 #4");
}

static void two_at_once(struct peer_side *p)
{
    assert_text(range(p, "", RT_NIL), "range(mycc,a,z) next next next | k0 k1 more #1");
    assert_text(rich(p, "", RT_NIL), "rich(mycc,q) next next next | k0 k1 more #2");
    assert_text(history(p), "history(mycc,a) next next next | k0 k1 more #3");
    assert_text(more(p, "1"), "next close | k2 #1");
    assert_text(closes(p, "2"), "close | #2");
    assert_text(more(p, "2"), NOT_FOUND);
    assert_text(more(p, "3"), "next close | k2 #3");
    assert_text(closes(p, "1"), "| #1"); /* it is closed: no error */
}

/* A page is never cut, ends with its size, and tells how to go on. */
static void pages(struct peer_side *p)
{
    p->results = 5;
    assert_text(range(p, "", page_of(3, "")),
            "range_page(mycc,a,z,3) next next next bookmark | k0 k1 k2 #1 3,bm");
    assert_text(range(p, "", page_of(3, "b")),
            "range_page(mycc,b,z,3) next next next bookmark | k0 k1 k2 #2 3,bm");
    assert_text(rich(p, "", page_of(1, "b")), "rich_page(mycc,q,1) next bookmark | k0 #3 1,bm");
    p->results = 2;
    assert_text(rich(p, "", page_of(4, "")),
            "rich_page(mycc,q,4) next next next bookmark | k0 k1 #4 2,bm");
    assert_text(more(p, "4"), NOT_FOUND);
}

/* The limit of all queries holds for pages, too; a size of 0 or less says nothing. */
static void page_sizes(struct peer_side *p)
{
    p->results = 0;
    assert_text(
            range(p, "", page_of(9999, "")), "range_page(mycc,a,z,9999) next bookmark | #1 0,bm");
    assert_text(
            range(p, "", page_of(10001, "")), "range_page(mycc,a,z,10000) next bookmark | #2 0,bm");
    assert_text(
            range(p, "", page_of(-1, "")), "range_page(mycc,a,z,10000) next bookmark | #3 0,bm");
    assert_text(
            range(p, "", page_of(0, "b")), "range_page(mycc,b,z,10000) next bookmark | #4 0,bm");
    assert_text(range(p, "", page_of(0, "")), "range(mycc,a,z) next close | #5");
    assert_text(range(p, "", page_of(1, "")), "range_page(mycc,a,z,1) next bookmark | #6 0,bm");
}

/* Queries of private data need access and have no pages. */
static void private_data(struct peer_side *p)
{
    assert_text(range(p, "c", page_of(1, "")),
            "has_read_access(ch,mycc,c) private_range(mycc,c,a,z) next close | k0 #1");
    assert_text(rich(p, "c", RT_NIL), "private_rich(mycc,c,q) next next next | k0 k1 more #2");
    p->denied = true;
#define NO_ACCESS                                                                                  \
    " failed: transaction ID: tx1: tx creator does not have read access permission on "            \
    "privatedata in chaincodeName:mycc collectionName: d"
    assert_text(range(p, "d", RT_NIL),
            "has_read_access(ch,mycc,d) | ERROR GET_STATE_BY_RANGE" NO_ACCESS);
    assert_text(
            rich(p, "d", RT_NIL), "has_read_access(ch,mycc,d) | ERROR GET_QUERY_RESULT" NO_ACCESS);
}

#define FAILED(type) "| ERROR " type " failed: transaction ID: tx1: no luck"

static void ledger_fails(struct peer_side *p)
{
    p->fails = "r";
    assert_text(range(p, "", RT_NIL), "range(mycc,a,z) " FAILED("GET_STATE_BY_RANGE"));
    assert_text(
            range(p, "", page_of(1, "")), "range_page(mycc,a,z,1) " FAILED("GET_STATE_BY_RANGE"));
    assert_text(rich(p, "", RT_NIL), "rich(mycc,q) " FAILED("GET_QUERY_RESULT"));
    assert_text(rich(p, "", page_of(1, "")), "rich_page(mycc,q,1) " FAILED("GET_QUERY_RESULT"));
    p->fails = "private";
    assert_text(range(p, "c", RT_NIL),
            "has_read_access(ch,mycc,c) private_range(mycc,c,a,z) " FAILED("GET_STATE_BY_RANGE"));
    assert_text(rich(p, "c", RT_NIL), "private_rich(mycc,c,q) " FAILED("GET_QUERY_RESULT"));
    p->fails = "history";
    assert_text(history(p), "history(mycc,a) " FAILED("GET_HISTORY_FOR_KEY"));
}

/* An iterator that fails is closed and forgotten. */
static void iterator_fails(struct peer_side *p)
{
    p->results = 5;
    assert_text(range(p, "", RT_NIL), "range(mycc,a,z) next next next | k0 k1 more #1");
    p->fails = "next";
    assert_text(more(p, "1"), "next close " FAILED("QUERY_STATE_NEXT"));
    assert_text(more(p, "1"), NOT_FOUND);
    assert_text(history(p), "history(mycc,a) next close " FAILED("GET_HISTORY_FOR_KEY"));
}

/* What metadata cannot be decoded is an error. */
static void bad_metadata(struct peer_side *p)
{
    assert_true(rt_str_has_prefix(range(p, "", RT_STR("\377")),
            RT_STR("| ERROR GET_STATE_BY_RANGE failed: transaction ID: tx1: unmarshal failed: ")));
    assert_true(rt_str_has_prefix(rich(p, "", RT_STR("\377")),
            RT_STR("| ERROR GET_QUERY_RESULT failed: transaction ID: tx1: unmarshal failed: ")));
}

/* The answer of a transaction closes what it has left open. */
static void end_closes(struct peer_side *p)
{
    (void)range(p, "", RT_NIL);
    (void)rich(p, "", RT_NIL);
    (void)history(p);
    (void)closes(p, "1");
    peer_side_say(p, CC_MSG(COMPLETED), RT_STR("done"));
    rt_recv(p->executed, NULL);
    rt_yield();
    assert_text(rt_buf_str(&p->log), "close close ");
}

/* The end of the stream closes those of all transactions. */
static void end_of_stream_closes(struct peer_side *p)
{
    (void)range(p, "", RT_NIL);
    p->params.tx_id = RT_STR("tx2");
    struct transaction_context *other;
    assert_null(transaction_contexts_create(&p->h->tx_contexts, &p->params, &other));
    (void)range(p, "", RT_NIL);
    rt_close(p->to_peer);
    rt_recv(p->ended, NULL);
    assert_text(rt_buf_str(&p->log), "close close ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TRANSACTION(batches),
        IN_TRANSACTION(exact_batches),
        IN_TRANSACTION(two_at_once),
        IN_TRANSACTION(pages),
        IN_TRANSACTION(page_sizes),
        IN_TRANSACTION(private_data),
        IN_TRANSACTION(ledger_fails),
        IN_TRANSACTION(iterator_fails),
        IN_TRANSACTION(bad_metadata),
        IN_TRANSACTION(end_closes),
        IN_TRANSACTION(end_of_stream_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

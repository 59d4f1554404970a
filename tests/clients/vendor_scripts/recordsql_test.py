"""Python of docs/from-vendor-scripts.md: the requests of RecordSql's own documentation. The page shows what stands between the
marks."""

import pytest
import relais

# show: recordsql names
from relais.recordsql.v1 import *

ERP = "erps/sandbox"
ARTICLES = ERP + "/dictionaries/gtrsart.dhoq/recordSqls/Article"
POSTCODES = ERP + "/dictionaries/gtrstab.dhoq/recordSqls/CodePostal"


def text(value):
    return Value(string_value=value)


# end


def rows(client, query):
    with client.recordsql.rows(query) as found:
        return [row.as_dict() for row in found]


def test_reading(client):
    # show: recordsql reading
    # a dictionary that is not allowed: error 54
    with pytest.raises(relais.RelaisError) as caught:
        client.recordsql.QueryRecords(QueryRecordsRequest(query=Query(
            record_sql=ERP + "/dictionaries/xxrstab.dhoq/recordSqls/Anything")))
    refused = caught.value.reason
    # fields "*", count 0: the first row
    first = client.recordsql.QueryRecords(QueryRecordsRequest(page_size=1, query=Query(
        record_sql=ERP + "/dictionaries/gtrstab.dhoq/recordSqls/CatFou")))
    # fields "CPOSTAL;VIL", count 2
    two = client.recordsql.QueryRecords(QueryRecordsRequest(page_size=2, query=Query(
        record_sql=POSTCODES, fields=["CPOSTAL", "VIL"])))
    # offset, count, nbrecord and the loop around them: all rows
    with client.recordsql.rows(Query(record_sql=ERP + "/dictionaries/gtrstab.dhoq/recordSqls/ModeReglement")) as found:
        payments = [row["REGL"] for row in found]
    # where, where_parameters
    alsace = rows(client, Query(
        record_sql=POSTCODES, where=CaseCall(name="Like_Cpostal", parameters={"cpostal": text("67%")})))
    # where, orderby, <joindeactivate>$ALL<columndeactivate>$ALL
    off = Switch(all=True, action=Switch.ACTION_DEACTIVATE)
    articles = client.recordsql.QueryRecords(QueryRecordsRequest(page_size=5, query=Query(
        record_sql=ARTICLES, fields=["DOS", "REF", "EAN"], order_by="Par_CodeEAN", joins=[off], columns=[off],
        where=CaseCall(name="Between_Ean", parameters={"eanD": text("3000000000000"), "eanF": text("4000000000000")}))))
    # <joindeactivate>$all<joinactivate>majointure
    one_join = rows(client, Query(record_sql=ARTICLES, fields=["REF", "FAMLIB"], joins=[
        off, Switch(name="MaJointure", action=Switch.ACTION_ACTIVATE)]))
    # parameters "MZ.DOS=997"
    elsewhere = rows(client, Query(record_sql=POSTCODES, company_file="997"))
    # end
    assert refused is relais.Reason.DICTIONARY_NOT_AUTHORIZED
    assert first.table == "T116" and len(first.rows) == 1 and len(two.rows) == 2 and len(payments) == len(set(payments)) == 19
    assert [row["VIL"] for row in alsace] == ["STRASBOURG"] and len(articles.rows) == 5
    assert one_join and elsewhere != rows(client, Query(record_sql=POSTCODES))


def test_conditions(client):
    # show: recordsql conditions
    # filter.where: both hold
    both = rows(client, Query(record_sql=POSTCODES, filter=Filter(cases=[
        CaseCall(name="Like_Vil", parameters={"vil": text("B%")}), CaseCall(name="Like_Cpostal", parameters={"cpostal": text("01%")})])))
    # operator_where "OR"
    either = rows(client, Query(record_sql=POSTCODES, filter=Filter(operator=Filter.OPERATOR_OR, cases=[
        CaseCall(name="Equal_Vil", parameters={"vil": text("BROU")}),
        CaseCall(name="Equal_Vil", parameters={"vil": text("STRASBOURG")})])))
    # whereaddcondition
    mixed = rows(client, Query(record_sql=POSTCODES, filter=Filter(
        cases=[CaseCall(name="Equal_Vil", parameters={"vil": text("STRASBOURG")}),
               CaseCall(name="Like_Vil", parameters={"vil": text("%RO%")}),
               CaseCall(name="Like_Cpostal", parameters={"cpostal": text("67%")})],
        expression="(Like_Cpostal AND Equal_Vil) OR Like_Vil")))
    # createwhere, whereremovecondition: conditions of your own, written by the gateway
    own = rows(client, Query(record_sql=POSTCODES, filter=Filter(
        custom=[CustomCondition(name=name, field="T057.VIL", operator=CustomCondition.OPERATOR_EQUAL, values=[text(town)])
                for name, town in (("FIRST", "BROU"), ("SECOND", "STRASBOURG"))],
        expression="FIRST OR SECOND")))
    # having, having_parameters
    families = rows(client, Query(record_sql=ERP + "/dictionaries/gtrsart.dhoq/recordSqls/ArticleParFamille", having=CaseCall(
        name="Au_Moins", parameters={"nombre": Value(integer_value=1)})))
    # end
    assert len(both) == 2 and len(either) == len(mixed) == len(own) == 2 and families


def test_information(client):
    # show: recordsql information
    # infos: <perf>1, <perfmem>1, <version>1, <debugctx>1
    infos = client.recordsql.QueryRecords(QueryRecordsRequest(query=Query(record_sql=POSTCODES, company_file="997", diagnostics=[
        DIAGNOSTIC_PERFORMANCE, DIAGNOSTIC_MEMORY, DIAGNOSTIC_VERSION, DIAGNOSTIC_COMPANY_FILE_CONTEXT]))).diagnostics.values
    # <infostoken>1
    session = client.recordsql.GetSession(GetSessionRequest(name=ERP))
    # dhoq "_razcache"; "_razuser": CACHE_USER; "_razautorisedhoq": CACHE_AUTHORIZED_DICTIONARIES
    client.recordsql.ClearCache(ClearCacheRequest(name=ERP, cache=ClearCacheRequest.CACHE_DICTIONARIES))
    # <debug>1<sizedebug>10000
    client.recordsql.SetDebug(SetDebugRequest(name=ERP, enabled=True, max_size=10000))
    # <debugenv>1: of the first log-on only
    trace = client.recordsql.DiagnoseEnvironment(DiagnoseEnvironmentRequest(name=ERP)).trace
    # end
    assert infos and session.expire_time.seconds > 0 and isinstance(trace, str)
